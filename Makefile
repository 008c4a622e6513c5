# One command for each thing that a reader or an author does; `make help` lists them.
# Written for GNU make 3.81, which macOS ships.

# The site needs the first alone; each other comes into the same environment when a goal
# asks for it, and notebooks brings the three frameworks.
ENVIRONMENT := .venv/book.installed
PAPER       := .venv/paper.installed
NOTEBOOKS   := .venv/notebooks.installed
TEST_TOOLS  := .venv/tests.installed
D2L         := .venv-d2l/d2l.installed
CLUSTER     := .venv-cluster/cluster.installed
SITE        := _build/site.built
BIN         := .venv/bin

# Those that test-d2l compares and that a PDF or an EPUB shows; one alone with
# FRAMEWORK=pytorch.
FRAMEWORK ?= mxnet pytorch tensorflow
CHOSEN = $(if $(filter file,$(origin FRAMEWORK)),,--framework $(FRAMEWORK))

# Processes that share the tests; each needs about 4 GB of memory.
WORKERS ?= 2

# The first interpreter that the book supports. Where there is none, python3 is the one
# to ask, since its answer says which Python is there and which is needed.
PYTHON ?= $(shell \
	for name in python3.11 python3.12 python3.13 python3; do \
	    "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	        2>/dev/null && echo "$$name" && exit; \
	done; echo python3)

# What a built page depends on; folders are in the list so that a deleted file counts.
SOURCES := _config.yml _toc.yml $(shell \
	find chapters notebooks architecture_explorer book_theme framework_tabs api_tabs \
	    sphinx_turkish d2l_shim locale ! -path '*/.*' ! -path '*__pycache__*' \
	    ! -name '*.mo' 2>/dev/null)

ifeq ($(D2L_SHIM_DATA),)
ifneq ($(wildcard ../shared/fashion-mnist/.),)
export D2L_SHIM_DATA := $(abspath ../shared/fashion-mnist)
endif
endif

.PHONY: help book pdf epub serve live preview lab
.PHONY: test test-long test-versions test-sphinx test-d2l lint benchmark split execute clean
.PHONY: lock renew licences sbom

# Several goals write into the same environment.
.NOTPARALLEL:

help: ## Bu listeyi gösterir
	@echo "Kullanım: make KOMUT"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-13s  %s\n", $$1, $$2 }' Makefile

book: $(SITE) ## Ortamı kurar, siteyi _build/html klasöründe oluşturur
	@echo "Kitap hazır. Tarayıcıda açın: file://$(CURDIR)/_build/html/index.html"

pdf: $(PAPER) ## Kitabı tek PDF yapar: _build/pdf; bir çerçeve için FRAMEWORK=pytorch
	$(BIN)/python -m framework_tabs pdf $(CHOSEN)

epub: $(PAPER) ## Kitabı EPUB yapar: _build/epub; bir çerçeve için FRAMEWORK=pytorch
	$(BIN)/python -m framework_tabs epub $(CHOSEN)

serve: $(SITE) ## Siteyi bu bilgisayarda sunar: http://127.0.0.1:8000
	$(BIN)/python -m book_theme.serve _build/html

live: $(SITE) $(NOTEBOOKS) ## Siteyi, hücreleri sayfada çalışacak biçimde sunar
	D2L_SHIM_BUDGET=$${D2L_SHIM_BUDGET:-smoke} \
	    $(BIN)/python -m framework_tabs live _build/html

preview: $(ENVIRONMENT) ## Kaydettiğiniz bölümü tarayıcıda hemen gösterir
	$(BIN)/python -m framework_tabs preview

lab: $(NOTEBOOKS) ## Defterleri ve bölümleri JupyterLab'da açar
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks \
	    --ServerApp.contents_manager_class=framework_tabs.serve.lab.Contents

# Snakemake only where there is a Slurm for it.
test: lint $(SITE) $(if $(shell command -v slurmctld),$(CLUSTER)) ## Bütün testleri çalıştırır
	@tools/chromium.sh $(BIN)/python
	$(BIN)/python -m framework_tabs check
	D2L_SHIM_BUDGET=smoke $(BIN)/python -m pytest -n $(WORKERS) -m "not long"

test-long: $(NOTEBOOKS) $(if $(shell command -v slurmctld),$(CLUSTER)) ## Dakikalarca süren testler: başvuru çalıştırmasının yinelenmesi, kümede öldürülen işler
	$(BIN)/python -m pytest tests -m long

# With every interpreter that it finds, or with PYTHON where somebody has named one.
test-versions: ## d2l_shim'i desteklenen her Python ve NumPy ile sınar
	@"$(PYTHON)" tools/versions.py $(if $(filter file,$(origin PYTHON)),,"$(PYTHON)")

test-sphinx: ## Sekme motorunu desteklenen her Sphinx ile sınar
	@"$(PYTHON)" tools/sphinx_versions.py

test-d2l: $(D2L) ## Kitabın kodunu gerçek d2l ile karşılaştırır; biri için FRAMEWORK=pytorch
	@for framework in $(FRAMEWORK); do \
	    .venv-d2l/bin/python -m pytest tests/d2l --framework=$$framework || exit; \
	done

lint: $(TEST_TOOLS) ## Kodu, iş akışlarını ve kapsayıcıları denetler
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/actionlint
	$(BIN)/zizmor --offline --no-progress --quiet .github
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/hadolint containers/Dockerfile

benchmark: $(D2L) ## Yükleyici ile eğiticinin hızını gerçek d2l'inkinin yanında ölçer
	.venv-d2l/bin/python -m benchmarks.loader
	.venv-d2l/bin/python -m benchmarks.trainer
	.venv-d2l/bin/python -m benchmarks.metrics

split: $(ENVIRONMENT) ## Bölümlerden defterleri üretir
	$(BIN)/python -m framework_tabs split

execute: $(NOTEBOOKS) ## Değişen defterleri yeniden çalıştırır ve çıktılarını saklar
	D2L_SHIM_BUDGET=$${D2L_SHIM_BUDGET:-cpu} $(BIN)/python -m framework_tabs execute

lock: $(TEST_TOOLS) ## Seçilen sürümleri sağlama toplamlarıyla locks klasörüne yazar
	$(BIN)/python tools/lock.py

renew: $(TEST_TOOLS) ## Her paketi en yeni sürümüne çıkarır ve kilitler
	$(BIN)/python tools/renew.py

licences: $(TEST_TOOLS) ## Bütün paketlerin lisanslarını locks/licences.csv dosyasına yazar
	$(BIN)/python tools/licences.py

sbom: $(TEST_TOOLS) ## Ortamın bileşen listesini (SBOM) _build/sbom.json dosyasına yazar
	@mkdir -p _build
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	    --output-format JSON --output-file _build/sbom.json $(BIN)/python

clean: ## Siteyi, önizlemeyi, PDF'i ve EPUB'u siler; .venv, defterler ve çıktı önbelleği kalır
	rm -rf _build/html _build/.doctrees _build/pdf _build/epub _build/editions \
	    _build/preview $(SITE)

$(ENVIRONMENT): locks/book.txt pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { echo "Python bulunamadı ($(PYTHON)):" \
	    "Python 3.11, 3.12 ya da 3.13 kurup komutu yineleyin." >&2; exit 1; }
	@rm -f $@
	@"$(PYTHON)" tools/environment.py book $@

$(PAPER): $(ENVIRONMENT) locks/paper.txt
$(NOTEBOOKS): $(ENVIRONMENT) locks/notebooks.txt locks/cuda.txt locks/torch-cpu.txt
$(TEST_TOOLS): $(PAPER) $(NOTEBOOKS) locks/tests.txt
$(PAPER) $(NOTEBOOKS) $(TEST_TOOLS):
	@rm -f $@
	@"$(PYTHON)" tools/environment.py $(notdir $(basename $@)) $@

$(CLUSTER): locks/cluster.txt
	@rm -f $@
	@"$(PYTHON)" tools/environment.py cluster $@

# The book's packages seen from another environment, and the real d2l on top of them.
$(D2L): $(TEST_TOOLS) locks/d2l.txt locks/d2l-1.txt tests/d2l/environment.py
	@rm -f $@
	@$(BIN)/python -m tests.d2l.environment $@

# Only what changed is built anew; framework_tabs/rebuild sees to it that the site is
# the same as if everything were, and that a failing page fails every time.
$(SITE): $(ENVIRONMENT) $(SOURCES)
	@rm -f $@
	$(BIN)/jupyter-book build . -W --keep-going
	@touch $@
