# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_foil_global_optspecs
    string join \n json human q/quiet v/verbose utc h/help V/version
end

function __fish_foil_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_foil_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_foil_using_subcommand
    set -l cmd (__fish_foil_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c foil -n "__fish_foil_needs_command" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_needs_command" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_needs_command" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_needs_command" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_needs_command" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_needs_command" -s V -l version -d 'Print version'
complete -c foil -n "__fish_foil_needs_command" -f -a "keygen" -d 'Make a key: NAME.pem, which is secret, and NAME.did, which is to give away'
complete -c foil -n "__fish_foil_needs_command" -f -a "key" -d 'Show and export keys'
complete -c foil -n "__fish_foil_needs_command" -f -a "contact" -d 'Name the keys of others'
complete -c foil -n "__fish_foil_needs_command" -f -a "sign" -d 'Sign records, one JSON object a line'
complete -c foil -n "__fish_foil_needs_command" -f -a "show" -d 'Show in words what a record says and does, who signed it, and whose signature is missing'
complete -c foil -n "__fish_foil_needs_command" -f -a "verify" -d 'Verify records, ledgers, proofs or evidence: sound or not, and where not'
complete -c foil -n "__fish_foil_needs_command" -f -a "chain" -d 'Keep a ledger: a folder of signed entries in which every change shows'
complete -c foil -n "__fish_foil_needs_command" -f -a "registry" -d 'Say who is who in a ledger, who owns what, and in whose hands it is'
complete -c foil -n "__fish_foil_needs_command" -f -a "contract" -d 'Check contracts against ledgers'
complete -c foil -n "__fish_foil_needs_command" -f -a "device" -d 'Read devices on serial ports, or simulate them'
complete -c foil -n "__fish_foil_needs_command" -f -a "gateway" -d 'Read several devices, sign what they say, and keep it: one process, for years'
complete -c foil -n "__fish_foil_needs_command" -f -a "repl" -d 'Run commands at a prompt'
complete -c foil -n "__fish_foil_needs_command" -f -a "demo" -d 'Go the whole way on a simulated device, each command shown as it runs'
complete -c foil -n "__fish_foil_needs_command" -f -a "man" -d 'Show a page of the manual, also where no man pages are installed'
complete -c foil -n "__fish_foil_using_subcommand keygen" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand keygen" -l next -d 'Make its successor as well, and print the commitment to it'
complete -c foil -n "__fish_foil_using_subcommand keygen" -s p -l passphrase -d 'Protect the secret key with a passphrase, asked on the terminal'
complete -c foil -n "__fish_foil_using_subcommand keygen" -s n -l dry-run -d 'Say what would be written, and write nothing'
complete -c foil -n "__fish_foil_using_subcommand keygen" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand keygen" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand keygen" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand keygen" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand keygen" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -f -a "show" -d 'Show whose key is in a file'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -f -a "export" -d 'Write a public key in the form that other programs read'
complete -c foil -n "__fish_foil_using_subcommand key; and not __fish_seen_subcommand_from show export import" -f -a "import" -d 'Take over an Ed25519 key that another program made: writes NAME.pem and NAME.did'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l as -d 'The form' -r -f -a "vkey\t''
hex\t''
ssh\t''
c\t''"
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l origin -d 'The log\'s name in a verifier key' -r
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -s o -l output -d 'Write to a file, whole or not at all' -r -F
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s o -l output -d 'The same as NAME' -r -F
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s p -l passphrase -d 'Protect the new file with a passphrase, asked on the terminal'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s n -l dry-run -d 'Say what would be written, and write nothing'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand key; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -f -a "add" -d 'Give another party\'s key a name'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -f -a "list" -d 'List the contacts and their keys, with the short form to read out'
complete -c foil -n "__fish_foil_using_subcommand contact; and not __fish_seen_subcommand_from add list remove" -f -a "remove" -d 'Forget a contact'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contact; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand sign" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand sign" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand sign" -l ledger -d 'The ledger that a record is for, a folder or a URL: names from its registry, and whose signature it lacks; @ stands for `$FOIL_LEDGER`' -r -f -a "(__fish_complete_directories)"
complete -c foil -n "__fish_foil_using_subcommand sign" -l merge -d 'Sign nothing: join the proofs that others made side by side on copies of the same records' -r -F
complete -c foil -n "__fish_foil_using_subcommand sign" -l expires -d 'Say in the proof from when on it no longer holds: a time, a date (behind its last instant), or a duration from now such as 30d' -r
complete -c foil -n "__fish_foil_using_subcommand sign" -s o -l output -d 'Write to a file, whole or not at all' -r -F
complete -c foil -n "__fish_foil_using_subcommand sign" -l no-verify -d 'Take the names from what stands in that ledger, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand sign" -s y -l yes -d 'Sign without asking, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand sign" -l created -d 'Say in the proof when it was made'
complete -c foil -n "__fish_foil_using_subcommand sign" -l round -d 'Sign numbers with more digits than a double holds as the doubles that they become'
complete -c foil -n "__fish_foil_using_subcommand sign" -l keep-going -d 'Report each bad line, sign the good ones, and end with 1'
complete -c foil -n "__fish_foil_using_subcommand sign" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand sign" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand sign" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand sign" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand sign" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand show" -l ledger -d 'The ledger that a record is for, a folder or a URL: names from its registry, and whose signature it lacks; @ stands for `$FOIL_LEDGER`' -r -f -a "(__fish_complete_directories)"
complete -c foil -n "__fish_foil_using_subcommand show" -l no-verify -d 'Take the names from what stands in that ledger, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand show" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand show" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand show" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand show" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand show" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand verify" -l key -d 'The log\'s key, or who must have signed the records: a vkey, a DID, a file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand verify" -l entry -d 'The entry that a proof is about, where it is not beside it; it may be of another log than a ledger of foil' -r -F
complete -c foil -n "__fish_foil_using_subcommand verify" -l stub -d 'Hold the ledgers to what was handed over before: a stub, a file of receipts, a checkpoint, or -; repeated' -r -F
complete -c foil -n "__fish_foil_using_subcommand verify" -l against -d 'Another copy of the ledger, to name the entries that differ' -r -f -a "(__fish_complete_directories)"
complete -c foil -n "__fish_foil_using_subcommand verify" -l trust -d 'Trust the log key that entry 0 of this one ledger names, and remember it, if the ledger is sound'
complete -c foil -n "__fish_foil_using_subcommand verify" -l forget -d 'Forget what was seen of the ledgers before; it is set aside, not destroyed'
complete -c foil -n "__fish_foil_using_subcommand verify" -l known -d 'List the ledgers whose log keys are known here, since when, and by which act'
complete -c foil -n "__fish_foil_using_subcommand verify" -l report -d 'Print one page for an auditor: what was checked, what not, by whose word, and what it does not prove'
complete -c foil -n "__fish_foil_using_subcommand verify" -l all -d 'Check all signatures of a ledger\'s records, those too that were checked here before'
complete -c foil -n "__fish_foil_using_subcommand verify" -l no-signatures -d 'Check a ledger\'s entries, tree and checkpoint, and leave its records\' signatures unchecked'
complete -c foil -n "__fish_foil_using_subcommand verify" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand verify" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand verify" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand verify" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand verify" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "init" -d 'Make a new ledger'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "append" -d 'Append records to a ledger, one JSON object a line'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "tick" -d 'Say that a quiet ledger is still there'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "cat" -d 'Print entries of a ledger, or only their records'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "plot" -d 'Draw a field of readings over time'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "status" -d 'Show a ledger\'s name, key, size and last entries'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "publish" -d 'Publish a ledger as static files that any web server can serve'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "prove" -d 'Prove one entry to a reader who has no copy of the ledger'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "diff" -d 'Compare two copies of a ledger'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "clone" -d 'Copy a ledger from a folder, a published folder or a URL, and keep the copy only if it verifies'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "stub" -d 'Print the signed checkpoint for another party to keep'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "repair" -d 'Bring a damaged ledger back to what its log signed'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "pack" -d 'Compress the closed files of a ledger'
complete -c foil -n "__fish_foil_using_subcommand chain; and not __fish_seen_subcommand_from init append tick cat plot status publish prove diff clone stub repair pack prune" -f -a "prune" -d 'Drop the oldest closed files of a ledger, for ever, and keep their hashes'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l origin -d 'The ledger\'s name in its checkpoints, best a domain and a path; HOSTNAME/FOLDER where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l writers -d 'Who may write: anyone, signed (each key whose proofs hold, the default), enrolled (as the registry says), or the keys of the writers, repeated' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l admin -d 'Who administers the registry, repeated; the log key where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l continues -d 'Go on from this ledger, which must be sound, and known here or by --old-key' -r -f -a "(__fish_complete_directories)"
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l old-key -d 'The old ledger\'s log key, or the key of one of its admins, to sign for it; repeated' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l genesis -d 'Take entry 0 from a file: what -n printed, once the others have signed it' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l machine -d 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l accept-clock -d 'Believe the clock, whatever it shows'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -s n -l dry-run -d 'Print entry 0 as it would be, for others to sign, and make nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l delay -d 'How long a batch waits for more records; longer spares flash' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l wait -d 'How long to wait for the lock' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l machine -d 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l keep-going -d 'Report each bad line, append the good ones, and end with 1'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l allow-empty -d 'No record at all is no failure'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l moved -d 'The ledger came from another machine, which will never write to it again'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l shared-lock -d 'Trust the locks of a network file system'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l accept-clock -d 'Believe the clock, whatever it shows; and if it is right again after a jump, undo that'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -s n -l dry-run -d 'Check the records against the ledger\'s rules, and write nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from append" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l signer -d 'Who signs the record, where only listed keys may write and the log key is none of them' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l machine -d 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l accept-clock -d 'Believe the clock, whatever it shows; and if it is right again after a jump, undo that'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from tick" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l last -d 'Only the last so many of the entries that are asked for' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l since -d 'Only entries that arrived at or after this time: a date is its first instant, 1h an hour ago' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l until -d 'Only entries that arrived before this time: of a date all that arrived on it, 1h is an hour ago' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l measured-since -d 'Only records that say themselves that they are of this time or a later one' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l measured-until -d 'Only records that say themselves that they are of an earlier time: of a date all that were measured on it' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l device -d 'Only records of this device; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l field -d 'Only readings that have a value of this name, and as CSV and for people only these; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l type -d 'Only records of this type, such as reading' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l as -d 'Print values as a table for programs: csv, a column for each field, or csv-long, a row for each value' -r -f -a "csv\t''
csv-long\t''"
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l records -d 'Print the records without n and received'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l follow -d 'Go on with new entries as they come, until interrupted'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from cat" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l field -d 'What is drawn: the name of a value, such as temperature' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l device -d 'Only readings of this device; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l since -d 'Only entries that arrived at or after this time: a date is its first instant, 1h an hour ago' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l until -d 'Only entries that arrived before this time: of a date all that arrived on it, 1h is an hour ago' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l measured-since -d 'Only records that say themselves that they are of this time or a later one' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l measured-until -d 'Only records that say themselves that they are of an earlier time: of a date all that were measured on it' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l unit -d 'Only values in this unit, as readings have it, such as Cel' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l gap -d 'Draw no line across a silence longer than this' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -s o -l output -d 'Write the drawing to this file, which ends in .svg' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l by-arrival -d 'Draw readings where they arrived, not where they say that they were measured'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from plot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l stale -d 'Answer no if a device has given no reading for longer than this' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l device -d 'Only this device, by what its readings or the registry call it; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l except -d 'Not this device, which was taken away and is in no registry to be retired in; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -l wait -d 'How long to wait for another publisher' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -l again -d 'Compare the content of all that is published with the ledger, and write anew what differs'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -s n -l dry-run -d 'Check everything, say what would be published, and write nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -s o -l output -d 'What the two files are called before .json and .tlog-proof; entry-N where absent' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l key -d 'The log\'s key: a vkey, a DID, a file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -s o -l output -d 'Where evidence of a fork goes; fork-HASH.json here where absent. Never overwrites' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l quick -d 'Go by `tree/` instead of reading all entries: from the top of both trees down to the first entry that differs. A line that was changed beside an untouched `tree/` does not show so'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l entries -d 'Read all entries of a log that is fetched by its URL, too'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -l key -d 'The log\'s key: a vkey, a DID, a file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -l wait -d 'How long to wait for another run' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from clone" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -l qr -d 'Draw the QR code also into a pipe or file'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from stub" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l from -d 'Another copy of the ledger to restore entries from' -r -f -a "(__fish_complete_directories)"
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -s k -l key -d 'The log\'s key: a vkey, a DID, a file, or a contact; with --resign its private key' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l wait -d 'How long to wait for the lock' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l extend -d 'Take over the copy\'s checkpoint, and all that it covers, where it goes further'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l resign -d 'Sign a new checkpoint over what comes before the first entry that is lost for good (see above)'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l forget-seen -d 'With --resign: sign though a longer ledger was seen here before, and forget that one'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from repair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -l wait -d 'How long to wait for others who pack, drop or write' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -l unpack -d 'Make packed files plain again'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from pack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l before -d 'Up to where entries may go: the number of an entry, a time, a date (its first instant), or a duration ago such as 90d' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l wait -d 'How long to wait for others who pack, drop or write' -r
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l yes -d 'Yes, there are copies of what is dropped, or it will never be wanted'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -s n -l dry-run -d 'Say what would go, and change nothing'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand chain; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "show" -d 'Show who is who, who owns what, and in whose hands it is'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "enroll" -d 'Make a party or a device known in a ledger'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "assign" -d 'Say who may speak for a device besides itself'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "delegate" -d 'Let another key sign for a party, for some types of record and for a time'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "rotate" -d 'Change the key of a party, a device or an admin'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "revoke" -d 'Declare the key of a party, a device or an admin dead'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "transfer" -d 'Give a device to another owner'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "lease" -d 'Let a device to a party for a time'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "return" -d 'End a lease before its time'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "handover" -d 'Say that a device has a new custodian'
complete -c foil -n "__fish_foil_using_subcommand registry; and not __fish_seen_subcommand_from show enroll assign delegate rotate revoke transfer lease return handover retire" -f -a "retire" -d 'Give up a device: it speaks no more, and no watch misses it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l at -d 'As it was after this entry, or at this time: a date is its first instant, 1h is an hour ago; now where absent' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l owner -d 'Only the devices that this party owns' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l lessee -d 'Only the devices that are let to this party now or later, or were and are not back' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l history -d 'List the events that name it, instead of what they came to'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l overdue -d 'Only the devices whose lease has ended, and which neither their owner nor another lessee has back'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l party -d 'The name of a party that is new' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l device -d 'The name of a device that is new' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l key -d 'Its key: a did:key, a .did or .pem file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l next -d 'The commitment to the party\'s next key: what foil keygen --next printed, or its NAME.next.did' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l owner -d 'The party that owns the device' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l via -d 'The party or device that speaks for the device' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from enroll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l via -d 'The party or device that speaks for it, or none' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from assign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l key -d 'The clerk\'s key: a did:key, a .did or .pem file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l may -d 'The types of record that it may sign, such as event,accept,handover' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l until -d 'Until when: a time, a date (behind its last instant), a duration from now such as 30d, or none, which ends it' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from delegate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l key -d 'The new key: a did:key, a .did or .pem file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l next -d 'The commitment to the key after that: its hash, or the key' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l trusted-until -d 'What was received later than this is suspect: a time, a date (its last instant), or a duration ago such as 2h; when the event is received where absent' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l to -d 'The party that owns it then' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l via -d 'The party or device that speaks for it then' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l with-lease -d 'Name all open leases: the new owner takes them over'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from transfer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l to -d 'The lessee' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l from -d 'When it begins: a time, a date (its first instant), or a duration from now such as +2d; now where absent' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l until -d 'When it ends: a time, a date (behind its last instant), or a duration from its beginning such as 30d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l via -d 'The party or device that speaks for it meanwhile' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l note -d 'The state that the device is in, such as \'1204 h, half full\'' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l document -d 'A document about that, such as a photo: the record has its SHA-256, the file is yours to keep; repeatable' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l handover -d 'Draft the handover to the lessee, too, as the next record: to be appended when the device changes hands'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from lease" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from return" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l to -d 'The party that takes it' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l note -d 'The state that the device is in, such as \'1204 h, half full\'' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l document -d 'A document about that, such as a photo: the record has its SHA-256, the file is yours to keep; repeatable' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from handover" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -s k -d 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l expires -d 'From when on the event can no longer be received: a time, a date (behind its last instant), or a duration from now such as 7d' -r
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l no-verify -d 'Answer from what stands there, without verifying it'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand registry; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -f -a "lint" -d 'Look a contract over: errors, and what cannot be meant'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -f -a "compile" -d 'Compile a contract: TOML in, one line of canonical JSON out'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -f -a "check" -d 'Check a contract against ledgers: kept, breached, pending or undetermined'
complete -c foil -n "__fish_foil_using_subcommand contract; and not __fish_seen_subcommand_from lint compile check blame" -f -a "blame" -d 'Say of every excursion when, how far, how long, and in whose hands'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -s o -l output -d 'Write to a file, whole or not at all' -r -F
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from compile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l as-of -d 'Judge as of this time, also one behind the last entry; entries that arrived later do not exist. A date is its first instant, 1h is an hour ago, and now is now' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l at -d 'Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l key -d 'The log\'s key, where the contract names no ledger: a vkey, a DID, a file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l draft -d 'Evaluate also what not all parties have accepted'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l no-verify -d 'Trust the ledgers instead of verifying them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l all -d 'Check all signatures of the ledgers\' records, those too that were checked here before'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l as-of -d 'Judge as of this time, also one behind the last entry; entries that arrived later do not exist. A date is its first instant, 1h is an hour ago, and now is now' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l at -d 'Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l key -d 'The log\'s key, where the contract names no ledger: a vkey, a DID, a file, or a contact' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l term -d 'Only the excursions of this term, and the answer as far as it goes; repeatable' -r
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l draft -d 'Evaluate also what not all parties have accepted'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l no-verify -d 'Trust the ledgers instead of verifying them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l all -d 'Check all signatures of the ledgers\' records, those too that were checked here before'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand contract; and __fish_seen_subcommand_from blame" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "ports" -d 'List serial ports'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "doctor" -d 'Look what is wrong with a port, and how the device on it is read'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "formats" -d 'Show the formats that devices speak'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "read" -d 'Read a device: bytes in, records out, unattended'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "poll" -d 'Poll the units of a Modbus RTU bus'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "scan" -d 'Find the units of a Modbus RTU bus'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "record" -d 'Record the bytes of a device, with their times'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "replay" -d 'Replay what was recorded of a device'
complete -c foil -n "__fish_foil_using_subcommand device; and not __fish_seen_subcommand_from ports doctor formats read poll scan record replay simulate" -f -a "simulate" -d 'Simulate a device on a pseudo-terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -l watch -d 'Go on, and say what is plugged in and out'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from ports" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l for -d 'How long to listen in all; a device that speaks seldom wants more' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l baud -d 'Bits per second [default: 9600, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l mode -d 'Data bits, parity, stop bits [default: 8N1, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l flow -d 'Flow control' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l dtr -d 'What the line DTR does on opening; many boards start anew when it changes' -r -f -a "on\t''
off\t''
keep\t''"
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l send -d 'Send this whenever the device was opened: text with \\r \\n \\t \\\\ \\xHH' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l allow-mismatch -d 'Read although the driver set something else than asked for'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from formats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l format -d 'What the device speaks [default: json, or what a simulated device speaks]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l device -d 'What the device is called in its records [default: from PORT]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l count -d 'End after this many readings' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l for -d 'End after this time; with 124 if nothing was read, or --count is not met' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l idle-timeout -d 'End with 124 when there is no reading for this long' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l require -d 'What a frame must prove about itself to be counted' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l bad -d 'What to do about a bad frame: count it and go on, or end with 2' -r -f -a "report\t''
fail\t''"
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l raw -d 'Put the frame into its reading: its SHA-256, or its bytes in base64' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l tee -d 'Keep the bytes as they come, added to this file' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l zone -d 'Where the device\'s clock is set, if that says no zone itself: +02:00, or a name such as EET. An offset is that of winter: devices that say that it is summer are an hour ahead of it' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l map -d 'What the values of lines are: a file that renames and scales them, sets units, takes time and device from the line, and asks for decimal commas; see foil-device(5)' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l columns -d 'The columns of csv, where no header names them: temp,hum,door' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l frame -d 'How frames are told apart [default: by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l max-frame -d 'The longest frame, in bytes' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l baud -d 'Bits per second [default: 9600, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l mode -d 'Data bits, parity, stop bits [default: 8N1, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l flow -d 'Flow control' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l dtr -d 'What the line DTR does on opening; many boards start anew when it changes' -r -f -a "on\t''
off\t''
keep\t''"
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l wait -d 'How long to wait for a port that another process has' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l send -d 'Send this whenever the device was opened: text with \\r \\n \\t \\\\ \\xHH' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l ask -d 'Ask the device this before each answer: text with \\r \\n \\t \\\\ \\xHH. The first answer counts, and so does what comes unasked; the question itself, where the device sends it back, does not. iec62056 asks for a readout as meters with an optical head want it: /?! at 300 baud, then at the speed that the meter proposes' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l backoff -d 'The shortest and the longest pause before a device that went away is looked for again' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l seed -d 'What a simulated device says follows from this [default: random]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l start -d 'When a simulated device\'s clock begins: a time, a date (its first instant), or a duration from now such as +1h [default: 2026-03-01T06:00:00Z]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l every -d 'How often --ask asks [default: 10s], or a simulated device speaks, by its clock. That does so at once with --count, else every second' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l brief -d 'Do not say that reading begins and ends: for cron, which begins anew for each reading'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l allow-mismatch -d 'Read although the driver set something else than asked for'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l no-reconnect -d 'End with 2 when the device goes away, or is not there'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from read" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l map -d 'The register map: a TOML file, or a map that is built in: pzem-004t, sdm120, sdm230, sdm630, sdm72, sunspec-inverter, xy-md02' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l reg -d 'A value without a map, as TABLE ADDRESS TYPE [ORDER] [/N] NAME [UNIT]; can be given more than once' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l unit -d 'The unit that has the values of a map of one kind of device, or of --reg; can be given more than once' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l device -d 'What the device is called in its records; with several units, what stands before their numbers [default: the map]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l every -d 'How often the units are asked' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l timeout -d 'How long a unit may take to answer' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l retries -d 'How often a question is asked again that was not answered' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l count -d 'End after this many readings' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l for -d 'End after this time; with 124 if nothing was read, or --count is not met' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l idle-timeout -d 'End with 124 when there is no reading for this long' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l baud -d 'Bits per second [default: by the map, else 9600]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l mode -d 'Data bits, parity, stop bits [default: by the map, else 8N1]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l wait -d 'How long to wait for a port that another process has' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l backoff -d 'The shortest and the longest pause before a port that went away is looked for again' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l align -d 'Ask at multiples of that time by the wall clock: --every 10s is at :00, :10, :20'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l print-map -d 'Print the map, and ask nobody'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l rs485 -d 'Let the driver switch the direction of an RS-485 line by RTS; most adapters do so themselves'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l allow-mismatch -d 'Poll although the driver set something else than asked for'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l no-reconnect -d 'End with 2 when the port goes away, or is not there'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from poll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l units -d 'The units that are asked, such as 1-20,247' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l bauds -d 'The speeds that are tried' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l modes -d 'The modes that are tried' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l timeout -d 'How long a unit may take to answer' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l wait -d 'How long to wait for a port that another process has' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l rs485 -d 'Let the driver switch the direction of an RS-485 line by RTS; most adapters do so themselves'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -s o -l output -d 'Add to this file [default: standard output]' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l for -d 'End after this time; with 124 if nothing came' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l baud -d 'Bits per second [default: 9600, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l mode -d 'Data bits, parity, stop bits [default: 8N1, or by format]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l flow -d 'Flow control' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l dtr -d 'What the line DTR does on opening; many boards start anew when it changes' -r -f -a "on\t''
off\t''
keep\t''"
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l wait -d 'How long to wait for a port that another process has' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l send -d 'Send this whenever the device was opened: text with \\r \\n \\t \\\\ \\xHH' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l allow-mismatch -d 'Read although the driver set something else than asked for'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l no-reconnect -d 'End with 2 when the device goes away, or is not there'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from record" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l link -d 'Link to the device file under this name, and again after it was unplugged' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l speed -d 'How many times as fast as it was recorded, or as fast as it is read' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l stdout -d 'Write the bytes to standard output, not to a pseudo-terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l script -d 'Do what a file says, line by line: send TEXT, file PATH, wait DURATION, unplug DURATION' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l modbus -d 'Be a unit of a Modbus RTU bus with the registers of this map that is built in' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l unit -d 'The number of that unit' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l link -d 'Link to the device file under this name, and again after it was unplugged' -r -F
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l seed -d 'What the device says, and its faults, follow from this [default: random]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l count -d 'End after this many frames' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l pace -d 'How long to pause after each frame' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l start -d 'When the device\'s clock begins: a time, a date (its first instant), or a duration from now such as +1h [default: 2026-03-01T06:00:00Z]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l every -d 'How often the device speaks, by its clock [default: by KIND]' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l fault -d 'What goes wrong, and how often: drop=P and flip=P a byte, cut=P a frame, late=DURATION, unplug=FRAMES' -r
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand device; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -s h -l help -d 'Print help'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -f -a "init" -d 'Write what a gateway needs: a key, a ledger, gateway.toml and a unit of systemd'
complete -c foil -n "__fish_foil_using_subcommand gateway; and not __fish_seen_subcommand_from init run" -f -a "run" -d 'Read several devices, sign what they say, and keep it in a ledger: one process'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l port -d 'A device, repeated: PORT of foil device read, or NAME=PORT' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l key -d 'What the key is called' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l ledger -d 'What the ledger\'s folder is called' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l origin -d 'The ledger\'s name in its checkpoints, best a domain and a path; HOSTNAME/LEDGER where absent' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l for -d 'How long to listen at the ports for what they speak; 0s: not at all' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -s y -l yes -d 'Ask nothing: read all ports that are there'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -s k -l key -d 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l passphrase-file -d 'Read the key\'s passphrase from the first line of a file instead of asking' -r -F
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l spill -d 'Keep in this file what cannot be appended now' -r -F
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l listen -d 'Answer /health, /values and /metrics over HTTP at this address of this machine' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l delay -d 'How long a batch waits for more records; longer spares flash [default: 100ms]' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l wait -d 'How long to wait for the ledger\'s lock [default: 10s]' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l machine -d 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent' -r
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l expose -d 'Listen also at an address that other machines reach: whoever does can read the values'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l moved -d 'The ledger came from another machine, which will never write to it again'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l shared-lock -d 'Trust the locks of a network file system'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l accept-clock -d 'Believe the clock, whatever it shows; and if it is right again after a jump, undo that'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -s n -l dry-run -d 'Look the file over, and read nothing'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand gateway; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand repl" -s c -d 'Run one line and end with its status' -r
complete -c foil -n "__fish_foil_using_subcommand repl" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand repl" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand repl" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand repl" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand repl" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand repl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand demo" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand demo" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand demo" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand demo" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand demo" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c foil -n "__fish_foil_using_subcommand man" -l roff -d 'Write the page in the form of man(7)'
complete -c foil -n "__fish_foil_using_subcommand man" -l json -d 'Write JSON lines, also on a terminal'
complete -c foil -n "__fish_foil_using_subcommand man" -l human -d 'Write for people, also into a pipe'
complete -c foil -n "__fish_foil_using_subcommand man" -s q -l quiet -d 'Say errors and warnings only'
complete -c foil -n "__fish_foil_using_subcommand man" -s v -l verbose -d 'Say what is read and decided'
complete -c foil -n "__fish_foil_using_subcommand man" -l utc -d 'Read dates and show times in UTC, not as clocks here show them'
complete -c foil -n "__fish_foil_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
