# bash loads this at the first Tab behind foil; it asks foil itself, which knows keys, ports, ledgers and their devices
source <(COMPLETE=bash foil)
