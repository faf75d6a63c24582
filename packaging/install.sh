#!/bin/sh
# Installs headcount from a release archive, after its checksum is verified:
#
#   curl -fsSL https://github.com/headcount/headcount/releases/latest/download/install.sh | sh
#
# Variables: HEADCOUNT_VERSION (default: the newest), HEADCOUNT_PREFIX (default: ~/.local; the program goes into its
# bin folder), HEADCOUNT_DOWNLOADS (address or folder of the archives, for a mirror).
set -eu

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

# The platform as the names of the archives have it.
target() {
    case "$(uname -s) $(uname -m)" in
    "Linux x86_64") echo x86_64-unknown-linux-musl ;;
    "Linux aarch64" | "Linux arm64") echo aarch64-unknown-linux-musl ;;
    "Darwin x86_64") echo x86_64-apple-darwin ;;
    "Darwin arm64") echo aarch64-apple-darwin ;;
    *) fail "there is no archive for $(uname -s) on $(uname -m); build from source: cargo install" ;;
    esac
}

# Downloads a file, or copies it from a folder.
fetch() {
    case "$from" in
    /*) cp "$from/$1" "$2" || fail "$from has no $1" ;;
    *)
        if command -v curl >/dev/null 2>&1; then
            curl -fsSL --proto '=https' "$from/$1" -o "$2" || fail "cannot download $from/$1"
        elif command -v wget >/dev/null 2>&1; then
            wget -q --https-only "$from/$1" -O "$2" || fail "cannot download $from/$1"
        else
            fail "curl or wget is needed"
        fi
        ;;
    esac
}

checksum() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1"
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256 "$1"
    else
        fail "sha256sum or shasum is needed to verify the archive"
    fi | cut -d ' ' -f 1
}

main() {
    releases=https://github.com/headcount/headcount/releases
    if [ -n "${HEADCOUNT_DOWNLOADS:-}" ]; then
        from=$HEADCOUNT_DOWNLOADS
    elif [ -n "${HEADCOUNT_VERSION:-}" ]; then
        from=$releases/download/v$HEADCOUNT_VERSION
    else
        from=$releases/latest/download
    fi
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 1' HUP INT TERM

    fetch SHA256SUMS "$folder/SHA256SUMS"
    wanted=$(target)
    # The list of checksums names the archive with its version.
    line=$(grep -E "  headcount-${HEADCOUNT_VERSION:-[0-9][^ ]*}-$wanted\.tar\.gz\$" "$folder/SHA256SUMS") ||
        fail "the release has no archive for $wanted"
    [ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] || fail "the release has several archives for $wanted"
    sum=${line%% *}
    archive=${line##* }
    fetch "$archive" "$folder/$archive"
    found=$(checksum "$folder/$archive")
    [ "$found" = "$sum" ] ||
        fail "$archive has the checksum $found instead of $sum; nothing was installed"

    tar -xzf "$folder/$archive" -C "$folder"
    unpacked=$folder/${archive%.tar.gz}
    prefix=${HEADCOUNT_PREFIX:-$HOME/.local}
    mkdir -p "$prefix/bin" "$prefix/share/man/man1" \
        "$prefix/share/bash-completion/completions" "$prefix/share/fish/vendor_completions.d" \
        "$prefix/share/zsh/site-functions"
    # Next to the old program and renamed, so that one that runs now is not changed.
    cp "$unpacked/headcount" "$prefix/bin/.headcount.new"
    mv "$prefix/bin/.headcount.new" "$prefix/bin/headcount"
    cp "$unpacked"/man/*.1 "$prefix/share/man/man1/"
    cp "$unpacked/completions/headcount.bash" "$prefix/share/bash-completion/completions/headcount"
    cp "$unpacked/completions/headcount.fish" "$prefix/share/fish/vendor_completions.d/headcount.fish"
    cp "$unpacked/completions/_headcount" "$prefix/share/zsh/site-functions/_headcount"
    "$prefix/bin/headcount" --version
    case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) echo "Add $prefix/bin to PATH to run it as headcount." ;;
    esac
}

# The shell reads the whole script before it runs a line of it, so a download that broke off does nothing.
main
