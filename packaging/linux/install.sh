#!/bin/sh
# Puts CYPP Desktop into the menu of the person who runs this, and opens .cypp and .cypp-return files with it.
# Lies beside the application folder in the bundle; `install.sh --remove` takes everything out again.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/cypp-desktop.desktop
mime=$data/mime/packages/cypp-desktop.xml
icon=$data/icons/hicolor

refresh() {
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime"; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database "$data/applications"; fi
}

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$mime" "$icon/scalable/apps/cypp-desktop.svg" "$icon/256x256/apps/cypp-desktop.png"
    mkdir -p "$data/mime/packages" "$data/applications"
    refresh
    echo "CYPP Desktop is out of the menu. Its folder, $here, is still there, and so are your plans."
    exit 0
fi

files=$here/_internal/cypp_desktop/resources
mkdir -p "$data/applications" "$data/mime/packages" "$icon/scalable/apps" "$icon/256x256/apps"
# The entry names the program by its full path, quoted: the folder may be anywhere and have blanks.
sed "s|^Exec=cypp-desktop|Exec=\"$here/cypp-desktop\"|" "$here/linux/cypp-desktop.desktop" >"$entry"
cp "$here/linux/cypp-desktop.xml" "$mime"
cp "$files/icons/application.svg" "$icon/scalable/apps/cypp-desktop.svg"
cp "$files/icons/application.png" "$icon/256x256/apps/cypp-desktop.png"
refresh
echo "CYPP Desktop is in the menu now, for you alone. Keep the folder $here where it is."
