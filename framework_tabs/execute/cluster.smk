# One rule a notebook, for Snakemake on whatever it runs: this machine, Slurm,
# Kubernetes, AWS Batch. `framework_tabs cluster` calls it; the configuration is what
# `framework_tabs plan --json` prints.
#
# What has to run is the plan's decision, by the content of code and data, and never that
# of file times here. Snakemake does not touch a notebook: it deletes and restores files
# as it likes, and so it gets a copy.

PLAN = {each["path"]: each for each in config["notebooks"]}
DONE = "_build/cluster/done/"
LOGS = "_build/cluster/logs/"
PYTHON = config.get("python", "python3")


def planned(name):
    return lambda wildcards: PLAN[wildcards.path][name]


def resource(name):
    return lambda wildcards: PLAN[wildcards.path]["resources"][name]


def memory(wildcards, attempt):
    """More with every attempt: too little may be why the last one ended."""
    return attempt * resource("mem_mb")(wildcards)


rule all:
    input:
        [DONE + path for path, each in PLAN.items() if not each["fresh"]],


rule notebook:
    output:
        DONE + "{path}",
    log:
        LOGS + "{path}.log",
    params:
        source=planned("source"),
        framework=planned("framework"),
    priority: planned("priority")
    threads: resource("cores")
    resources:
        mem_mb=memory,
        runtime=resource("runtime"),
        gpu=resource("gpu"),
        constraint=resource("constraint"),
    shell:
        "({PYTHON:q} -m framework_tabs execute {params.source:q} --wait"
        " --framework {params.framework:q} && cp {wildcards.path:q} {output:q})"
        " 2> {log:q}"
