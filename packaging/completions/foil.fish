# It asks foil itself, which knows keys, ports, ledgers and their devices
COMPLETE=fish foil | source
