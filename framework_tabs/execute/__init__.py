"""Running notebooks: jobs, kernels, machines."""
