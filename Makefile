# bihuan. Every target sets up what it needs by itself; nothing has to be installed by hand.
SHELL := /bin/sh
BIN := .venv/bin
DATA ?= data
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help setup up test check demo bench venv chromium

help: ## 显示本说明
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: venv ## 准备运行环境，得到命令 .venv/bin/bihuan
	@$(BIN)/bihuan setup

up: venv ## 启动整个系统并打开网页服务（DATA=目录 PORT=端口），按 Ctrl-C 停止
	@$(BIN)/bihuan up --data "$(DATA)" --port "$(PORT)"

test: setup chromium check ## 准备环境并运行全部检查和测试
	@echo '运行测试……' >&2
	@$(BIN)/pytest -m 'not bench'

check: venv ## 代码检查：格式、类型、分层
	@echo '代码检查：ruff、pyright、import-linter、目录结构……' >&2
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q tests/deploy/test_layout.py

demo: setup ## 用公开案例演示
	@$(BIN)/bihuan demo

bench: setup ## 性能测量
	@.tools/venv/bin/uv sync -q --locked --group bench
	@$(BIN)/pytest -m bench -s tests/bench

venv:
	@sh deploy/bootstrap.sh

chromium:
	@sh deploy/chromium.sh
