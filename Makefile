# One command for each thing that a reader or an author does; `make help` lists them.
# Written for GNU make 3.81, which macOS ships.

ENVIRONMENT := .venv/book.installed
TEST_TOOLS  := .venv/tests.installed
SITE        := _build/site.built
BIN         := .venv/bin

# The first interpreter that the book supports. Where there is none, python3 is the one
# to ask, since its answer says which Python is there and which is needed.
PYTHON ?= $(shell \
	for name in python3.11 python3.12 python3; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12)])' \
	        2>/dev/null && echo "$$name" && exit; \
	done; echo python3)

# What a built page depends on; folders are in the list so that a deleted file counts.
SOURCES := _config.yml _toc.yml $(shell \
	find chapters notebooks framework_tabs d2l_shim locale \
	    ! -path '*/.*' ! -path '*__pycache__*' ! -name '*.mo' 2>/dev/null)

ifeq ($(D2L_SHIM_DATA),)
ifneq ($(wildcard ../shared/fashion-mnist/.),)
export D2L_SHIM_DATA := $(abspath ../shared/fashion-mnist)
endif
endif

.PHONY: help book serve lab test split execute clean

help: ## Bu listeyi gösterir
	@echo "Kullanım: make KOMUT"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s  %s\n", $$1, $$2 }' Makefile

book: $(SITE) ## Ortamı kurar, siteyi _build/html klasöründe oluşturur
	@echo "Kitap hazır. Tarayıcıda açın: file://$(CURDIR)/_build/html/index.html"

serve: $(SITE) ## Siteyi bu bilgisayarda sunar: http://127.0.0.1:8000
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

lab: $(ENVIRONMENT) ## Defterleri JupyterLab'da açar
	$(BIN)/jupyter lab notebooks

test: $(TEST_TOOLS) $(SITE) ## Bütün testleri çalıştırır
	@tools/chromium.sh $(BIN)/python
	$(BIN)/ruff check --quiet
	$(BIN)/python -m framework_tabs check
	D2L_SHIM_BUDGET=smoke $(BIN)/python -m pytest

split: $(ENVIRONMENT) ## Bölümlerden defterleri üretir
	$(BIN)/python -m framework_tabs split

execute: $(ENVIRONMENT) ## Değişen defterleri yeniden çalıştırır ve çıktılarını saklar
	D2L_SHIM_BUDGET=$${D2L_SHIM_BUDGET:-cpu} $(BIN)/python -m framework_tabs execute

clean: ## Oluşturulan siteyi siler; .venv, defterler ve çıktı önbelleği kalır
	rm -rf _build/html _build/.doctrees $(SITE)

$(ENVIRONMENT): requirements.txt constraints.txt pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { echo "Python bulunamadı ($(PYTHON)):" \
	    "Python 3.11 ya da 3.12 kurup komutu yineleyin." >&2; exit 1; }
	@rm -f $@
	@"$(PYTHON)" tools/environment.py requirements.txt $@

$(TEST_TOOLS): $(ENVIRONMENT) requirements-test.txt
	@rm -f $@
	@"$(PYTHON)" tools/environment.py requirements-test.txt $@

# Every page is built anew: Sphinx would not repeat the warnings of an unchanged page,
# so that a failed build would pass the second time.
$(SITE): $(ENVIRONMENT) $(SOURCES)
	@rm -f $@
	$(BIN)/jupyter-book build . --all -W --keep-going
	@touch $@
