# shellcheck shell=bash disable=SC2034
# Sourced by the scripts beside it: the few things they all need.
# Everything said here goes to standard error, so that a target's output stays its own.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

local_dir="$PWD/.local"           # git-ignored: the Python environment, tools, Google's document
venv="$local_dir/venv"
target_dir="${CARGO_TARGET_DIR:-$PWD/target}"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }

# stage NAME COMMAND...: runs it under a heading and says how long it took.
# No `||` around the command: it would switch off `set -e` inside it.
stage() {
    local start=$SECONDS
    current_stage="$1"
    shift
    say "== $current_stage"
    "$@"
    say "== $current_stage: $((SECONDS - start)) s"
    current_stage=
}
at_exit=() # commands that run whatever happened, such as stopping a server
leave() {
    local status=$? command
    [ "$status" = 0 ] || [ -z "${current_stage:-}" ] || say "error: failed at: $current_stage"
    for command in ${at_exit[@]+"${at_exit[@]}"}; do "$command" || true; done
    exit "$status"
}
trap leave EXIT

need_cargo() {
    have cargo || die "there is no Rust toolchain: install one from https://www.rust-lang.org/tools/install"
}

# need_component NAME: rustfmt and clippy are parts of the toolchain that a minimal one lacks.
need_component() {
    "cargo-${1/rustfmt/fmt}" --version >/dev/null 2>&1 && return
    say "installing the toolchain component $1"
    rustup component add -q "$1" || die "the toolchain has no $1: install it (rustup component add $1)"
}

# python_packages FILE...: brings the venv up to these requirements; silent when it already is.
python_packages() {
    local file
    need_python
    for file in "$@"; do
        has_python_packages "$file" && continue
        say "installing the Python packages of $file into ${venv#"$PWD"/}"
        "$venv/bin/python" -m pip install -q --disable-pip-version-check -r "$file" >&2 ||
            die "pip could not install $file: is the network reachable?"
        touch "$(python_stamp "$file")"
    done
}
has_python_packages() { [ -e "$(python_stamp "$1")" ]; }
python_stamp() { printf '%s/.have-%s' "$venv" "$(cksum <"$1" | tr ' ' -)"; }

# own_postgres: whether .ci/postgres has what it needs; says what happens where it has not.
own_postgres() {
    # Each in a process of its own, where `die` ends only that.
    has_python_packages .ci/requirements-pgserver.txt || (
        die() { exit 1; }
        python_packages .ci/requirements-postgres.txt
    ) || (
        die() { say "the mirror is kept in memory: $*"; exit 1; }
        python_packages .ci/requirements-pgserver.txt
    )
}

need_python() {
    [ -x "$venv/bin/pip" ] && return
    have python3 || die "there is no python3: install Python 3.11 or newer, with its venv module"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "python3 is older than 3.11: install a newer one"
    say "making the Python environment .local/venv"
    python3 -m venv --clear "$venv" >&2 ||
        die "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"
}

# node_packages DIR: brings DIR/node_modules up to DIR/package.json; silent when it already is.
node_packages() {
    local stamp
    stamp="$1/node_modules/.have-$(cksum <"$1/package.json" | tr ' ' -)"
    [ ! -e "$stamp" ] || return 0
    { have node && have npm; } || die "there is no node and npm: install Node 20 or newer"
    say "installing the npm packages of $1/package.json"
    npm install --prefix "$1" --no-package-lock --no-audit --no-fund --loglevel=error >&2 ||
        die "npm could not install them: is the network reachable?"
    touch "$stamp"
}

# need_chromium: names a browser in CHROMIUM_BIN.
need_chromium() {
    local name
    for name in "${CHROMIUM_BIN:-}" chromium chromium-browser google-chrome; do
        ! have "$name" || { CHROMIUM_BIN=$(command -v "$name"); export CHROMIUM_BIN; return; }
    done
    { is_root && have apt-get; } || die "there is no Chromium: install it, or name it in CHROMIUM_BIN"
    say "installing the Debian package chromium"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null
    export CHROMIUM_BIN=/usr/bin/chromium
}

# core_features: the features of core, one a line, read from its manifest.
core_features() {
    sed -n '/^\[features\]/,/^\[dep/s/^\([a-z][a-z0-9_-]*\) = .*/\1/p' core/Cargo.toml | grep -vx default
}

# every_core_feature: the same as one argument that any package of the workspace may be built with.
every_core_feature() {
    core_features | sed 's|^|theo-calendar/|' | paste -sd, -
}

# postgres_server [durable]: the stores of a database are tested on a server of our own, thrown away at the end.
postgres_server() {
    postgres_data=$(mktemp -d "$local_dir/postgres.XXXXXX")
    THEO_TEST_DATABASE_URL=$("$venv/bin/python" -W ignore .ci/postgres start "$postgres_data" "$@")
    export THEO_TEST_DATABASE_URL
}

stop_postgres() {
    [ -z "${postgres_data:-}" ] || "$venv/bin/python" -W ignore .ci/postgres stop "$postgres_data"
}

search_quality=tests/search-quality

# embedding_server: a real model on a free port of loopback, which it says.
embedding_server() {
    embeddings_log=$(mktemp "$local_dir/embeddings.XXXXXX")
    "$venv/bin/python" "$search_quality/embeddings/server.py" >"$embeddings_log" &
    embeddings_pid=$!
    until THEO_EMBEDDINGS_URL=$(sed -n 's/^listening on //p' "$embeddings_log") && [ -n "$THEO_EMBEDDINGS_URL" ]; do
        kill -0 "$embeddings_pid" 2>/dev/null || die "the embedding server ended before it listened"
        sleep 0.2
    done
    export THEO_EMBEDDINGS_URL
}

stop_embedding_server() {
    [ -z "${embeddings_pid:-}" ] || kill "$embeddings_pid"
    rm -f "${embeddings_log:-}"
}
