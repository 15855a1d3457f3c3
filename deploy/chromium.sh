#!/bin/sh
# The browser tests need a real Chromium; on Debian root can have it, elsewhere they skip.
set -eu
for each in chromium chromium-browser google-chrome; do
    if command -v "$each" > /dev/null; then exit 0; fi
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo '页面测试需要 Chromium，正在用 apt-get 安装（约 1 分钟）……' >&2
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk; } > /dev/null; then
        exit 0
    fi
    echo 'Chromium 安装失败，页面测试将跳过。(Cannot install Chromium: browser tests will skip.)' >&2
else
    echo '没有 Chromium，页面测试将跳过；安装后重新运行即可。(No Chromium: browser tests will skip.)' >&2
fi
