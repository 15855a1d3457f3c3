#!/bin/sh
# Makes .venv from uv.lock on a machine that has nothing but Python: first uv itself, in .tools,
# then everything else with it. Says what it does, and in one sentence what is missing.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
TOOLS=.tools

say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; exit 2; }

# An environment made before stays as it is: uv would replace one of another interpreter. The
# system's Python comes before one compiled by hand, which is often without profile-guided
# optimisation: a tenth more CPU for everything (docs/performance.md).
case ":$PATH:" in *:/usr/bin:*) SYSTEM=/usr/bin/python3 ;; *) SYSTEM= ;; esac
PYTHONS=".venv/bin/python $SYSTEM python3 python3.11 python3.12 python3.13"

new_enough() {
    "$1" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null
}

find_python() {
    for each in $PYTHONS; do
        new_enough "$each" && return
    done
    return 1
}

require_room() {
    free=$(df -Pk . | awk 'NR == 2 {print $4}')
    [ "$free" -ge 1048576 ] || fail "磁盘空间不足：安装至少需要 1 GB，现有 $((free / 1024)) MB，请先清理。(Not enough disk space.)"
}

# Debian's Python may come without venv or without pip: any Python and either way will do.
get_uv() {
    say "准备安装工具 uv $UV_VERSION ……"
    rm -rf "$TOOLS"
    mkdir "$TOOLS"
    printf '*\n' > "$TOOLS/.gitignore"
    tried=
    for each in $PYTHONS; do
        new_enough "$each" > /dev/null || continue
        rm -rf "$TOOLS/venv"
        if "$each" -m venv "$TOOLS/venv" > "$TOOLS/log" 2>&1; then
            "$TOOLS/venv/bin/python" -m pip install -q "uv==$UV_VERSION" >> "$TOOLS/log" 2>&1 && return
            tried=yes
        elif "$each" -m pip --version > /dev/null 2>&1; then
            rm -rf "$TOOLS/venv"  # what a failed venv left
            "$each" -m pip install -q --target "$TOOLS/venv" "uv==$UV_VERSION" >> "$TOOLS/log" 2>&1 && return
            tried=yes
        fi
    done
    [ -n "$tried" ] || fail "Python 缺少 venv 和 pip，请先安装（Debian：apt-get install python3-venv）。(No venv and no pip.)"
    return 1
}

PYTHON=$(find_python) || fail "需要 Python 3.11 或更新版本，请先安装。(Python 3.11 or newer is needed.)"
UV=$TOOLS/venv/bin/uv
if [ "$("$UV" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    require_room
    get_uv || fail "无法安装 uv $UV_VERSION，请检查到软件包源的网络，详见 $TOOLS/log。(Cannot install uv.)"
fi

# Nothing may come from elsewhere: no other environment, no download of another Python.
unset VIRTUAL_ENV
export UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never
if ! "$UV" sync --locked --check --quiet --python "$PYTHON" 2>/dev/null; then
    require_room
    say "按 uv.lock 安装依赖（首次约 1 分钟）……"
    "$UV" sync --locked --python "$PYTHON" >&2 ||
        fail "依赖安装失败，请检查到软件包源的网络后重试。(Cannot install the dependencies.)"
fi
