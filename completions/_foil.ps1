
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'foil' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'foil'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'foil' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Make a key: NAME.pem, which is secret, and NAME.did, which is to give away')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Show and export keys')
            [CompletionResult]::new('contact', 'contact', [CompletionResultType]::ParameterValue, 'Name the keys of others')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign records, one JSON object a line')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show in words what a record says and does, who signed it, and whose signature is missing')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify records, ledgers, proofs or evidence: sound or not, and where not')
            [CompletionResult]::new('chain', 'chain', [CompletionResultType]::ParameterValue, 'Keep a ledger: a folder of signed entries in which every change shows')
            [CompletionResult]::new('registry', 'registry', [CompletionResultType]::ParameterValue, 'Say who is who in a ledger, who owns what, and in whose hands it is')
            [CompletionResult]::new('contract', 'contract', [CompletionResultType]::ParameterValue, 'Check contracts against ledgers')
            [CompletionResult]::new('device', 'device', [CompletionResultType]::ParameterValue, 'Read devices on serial ports, or simulate them')
            [CompletionResult]::new('repl', 'repl', [CompletionResultType]::ParameterValue, 'Run commands at a prompt')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Go the whole way on a simulated device, each command shown as it runs')
            break
        }
        'foil;keygen' {
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'Make its successor as well, and print the commitment to it')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Protect the secret key with a passphrase, asked on the terminal')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Protect the secret key with a passphrase, asked on the terminal')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be written, and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be written, and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;key' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show whose key is in a file')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a public key in the form that other programs read')
            break
        }
        'foil;key;show' {
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;key;export' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The form')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'The log''s name in a verifier key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contact' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give another party''s key a name')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the contacts and their keys, with the short form to read out')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a contact')
            break
        }
        'foil;contact;add' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contact;list' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contact;remove' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;sign' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The folder of the ledger that a record is for: names from its registry, and whose signature it lacks; @ stands for `$FOIL_LEDGER`')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'Say in the proof from when on it no longer holds: a time, or a duration from now such as 30d')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Take the names from what stands in that ledger, without verifying it')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Sign without asking, also on a terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Sign without asking, also on a terminal')
            [CompletionResult]::new('--created', '--created', [CompletionResultType]::ParameterName, 'Say in the proof when it was made')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Report each bad line, sign the good ones, and end with 1')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;show' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The folder of the ledger that a record is for: names from its registry, and whose signature it lacks; @ stands for `$FOIL_LEDGER`')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Take the names from what stands in that ledger, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;verify' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The log''s key, or who must have signed the records: a vkey, a DID, a file, or a contact')
            [CompletionResult]::new('--entry', '--entry', [CompletionResultType]::ParameterName, 'The entry that a proof is about, where it is not beside it; it may be of another log than a ledger of foil')
            [CompletionResult]::new('--stub', '--stub', [CompletionResultType]::ParameterName, 'Hold the ledgers to what was handed over before: a stub, a file of receipts, a checkpoint, or -; repeated')
            [CompletionResult]::new('--against', '--against', [CompletionResultType]::ParameterName, 'Another copy of the ledger, to name the entries that differ')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Trust the log key that entry 0 of this one ledger names, and remember it, if the ledger is sound')
            [CompletionResult]::new('--forget', '--forget', [CompletionResultType]::ParameterName, 'Forget what was seen of the ledgers before; it is set aside, not destroyed')
            [CompletionResult]::new('--known', '--known', [CompletionResultType]::ParameterName, 'List the ledgers whose log keys are known here, since when, and by which act')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one page for an auditor: what was checked, what not, by whose word, and what it does not prove')
            [CompletionResult]::new('--no-signatures', '--no-signatures', [CompletionResultType]::ParameterName, 'Check a ledger''s entries, tree and checkpoint, and leave its records'' signatures unchecked')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a new ledger')
            [CompletionResult]::new('append', 'append', [CompletionResultType]::ParameterValue, 'Append records to a ledger, one JSON object a line')
            [CompletionResult]::new('tick', 'tick', [CompletionResultType]::ParameterValue, 'Say that a quiet ledger is still there')
            [CompletionResult]::new('cat', 'cat', [CompletionResultType]::ParameterValue, 'Print entries of a ledger, or only their records')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show a ledger''s name, key, size and last entries')
            [CompletionResult]::new('publish', 'publish', [CompletionResultType]::ParameterValue, 'Publish a ledger as static files that any web server can serve')
            [CompletionResult]::new('prove', 'prove', [CompletionResultType]::ParameterValue, 'Prove one entry to a reader who has no copy of the ledger')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two copies of a ledger')
            [CompletionResult]::new('stub', 'stub', [CompletionResultType]::ParameterValue, 'Print the signed checkpoint for another party to keep')
            [CompletionResult]::new('repair', 'repair', [CompletionResultType]::ParameterValue, 'Bring a damaged ledger back to what its log signed')
            [CompletionResult]::new('pack', 'pack', [CompletionResultType]::ParameterValue, 'Compress the closed files of a ledger')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Drop the oldest closed files of a ledger, for ever, and keep their hashes')
            break
        }
        'foil;chain;init' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'The ledger''s name in its checkpoints, best a domain and a path; HOSTNAME/FOLDER where absent')
            [CompletionResult]::new('--writers', '--writers', [CompletionResultType]::ParameterName, 'Who may write: anyone, signed (each key whose proofs hold, the default), enrolled (as the registry says), or the keys of the writers, repeated')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'Who administers the registry, repeated; the log key where absent')
            [CompletionResult]::new('--continues', '--continues', [CompletionResultType]::ParameterName, 'Go on from this ledger, which must be sound, and known here or by --old-key')
            [CompletionResult]::new('--old-key', '--old-key', [CompletionResultType]::ParameterName, 'The old ledger''s log key, or the key of one of its admins, to sign for it; repeated')
            [CompletionResult]::new('--genesis', '--genesis', [CompletionResultType]::ParameterName, 'Take entry 0 from a file: what -n printed, once the others have signed it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent')
            [CompletionResult]::new('--accept-clock', '--accept-clock', [CompletionResultType]::ParameterName, 'Believe the clock, whatever it shows')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Print entry 0 as it would be, for others to sign, and make nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print entry 0 as it would be, for others to sign, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;append' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'How long a batch waits for more records; longer spares flash')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for the lock')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Report each bad line, append the good ones, and end with 1')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'No record at all is no failure')
            [CompletionResult]::new('--moved', '--moved', [CompletionResultType]::ParameterName, 'The ledger came from another machine, which will never write to it again')
            [CompletionResult]::new('--shared-lock', '--shared-lock', [CompletionResultType]::ParameterName, 'Trust the locks of a network file system')
            [CompletionResult]::new('--accept-clock', '--accept-clock', [CompletionResultType]::ParameterName, 'Believe the clock, whatever it shows; and if it is right again after a jump, undo that')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Check the records against the ledger''s rules, and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check the records against the ledger''s rules, and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;tick' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--signer', '--signer', [CompletionResultType]::ParameterName, 'Who signs the record, where only listed keys may write and the log key is none of them')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent')
            [CompletionResult]::new('--accept-clock', '--accept-clock', [CompletionResultType]::ParameterName, 'Believe the clock, whatever it shows; and if it is right again after a jump, undo that')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;cat' {
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last so many of the entries that are asked for')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only entries that arrived at or after this time')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only entries that arrived before this time')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Only records of this device')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Only records of this type, such as reading')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Print values in another form: one row for each value')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--records', '--records', [CompletionResultType]::ParameterName, 'Print the records without n and received')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on with new entries as they come, until interrupted')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;status' {
            [CompletionResult]::new('--stale', '--stale', [CompletionResultType]::ParameterName, 'Answer no if a device has given no reading for longer than this')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Only this device, by what its readings or the registry call it; repeatable')
            [CompletionResult]::new('--except', '--except', [CompletionResultType]::ParameterName, 'Not this device, which was taken away; repeatable')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;publish' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for another publisher')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Compare the content of all that is published with the ledger, and write anew what differs')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Check everything, say what would be published, and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check everything, say what would be published, and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;prove' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What the two files are called before .json and .tlog-proof; entry-N where absent')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What the two files are called before .json and .tlog-proof; entry-N where absent')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;diff' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The log''s key: a vkey, a DID, a file, or a contact')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where evidence of a fork goes; fork-HASH.json here where absent. Never overwrites')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where evidence of a fork goes; fork-HASH.json here where absent. Never overwrites')
            [CompletionResult]::new('--quick', '--quick', [CompletionResultType]::ParameterName, 'Go by `tree/` instead of reading all entries: from the top of both trees down to the first entry that differs. A line that was changed beside an untouched `tree/` does not show so')
            [CompletionResult]::new('--entries', '--entries', [CompletionResultType]::ParameterName, 'Read all entries of a log that is fetched by its URL, too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;stub' {
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw the QR code also into a pipe or file')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;repair' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Another copy of the ledger to restore entries from')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The log''s key: a vkey, a DID, a file, or a contact; with --resign its private key')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The log''s key: a vkey, a DID, a file, or a contact; with --resign its private key')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for the lock')
            [CompletionResult]::new('--extend', '--extend', [CompletionResultType]::ParameterName, 'Take over the copy''s checkpoint, and all that it covers, where it goes further')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign a new checkpoint over what comes before the first entry that is lost for good (see above)')
            [CompletionResult]::new('--forget-seen', '--forget-seen', [CompletionResultType]::ParameterName, 'With --resign: sign though a longer ledger was seen here before, and forget that one')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;pack' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for others who pack, drop or write')
            [CompletionResult]::new('--unpack', '--unpack', [CompletionResultType]::ParameterName, 'Make packed files plain again')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;chain;prune' {
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Up to where entries may go: the number of an entry, or a time')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for others who pack, drop or write')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Yes, there are copies of what is dropped, or it will never be wanted')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would go, and change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would go, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show who is who, who owns what, and in whose hands it is')
            [CompletionResult]::new('enroll', 'enroll', [CompletionResultType]::ParameterValue, 'Make a party or a device known in a ledger')
            [CompletionResult]::new('assign', 'assign', [CompletionResultType]::ParameterValue, 'Say who may speak for a device besides itself')
            [CompletionResult]::new('delegate', 'delegate', [CompletionResultType]::ParameterValue, 'Let another key sign for a party, for some types of record and for a time')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Change the key of a party, a device or an admin')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Declare the key of a party, a device or an admin dead')
            [CompletionResult]::new('transfer', 'transfer', [CompletionResultType]::ParameterValue, 'Give a device to another owner')
            [CompletionResult]::new('lease', 'lease', [CompletionResultType]::ParameterValue, 'Let a device to a party for a time')
            [CompletionResult]::new('return', 'return', [CompletionResultType]::ParameterValue, 'End a lease before its time')
            [CompletionResult]::new('handover', 'handover', [CompletionResultType]::ParameterValue, 'Say that a device has a new custodian')
            break
        }
        'foil;registry;show' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'As it was after this entry, or at this time; now where absent')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--history', '--history', [CompletionResultType]::ParameterName, 'List the events that name it, instead of what they came to')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;enroll' {
            [CompletionResult]::new('--party', '--party', [CompletionResultType]::ParameterName, 'The name of a party that is new')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'The name of a device that is new')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its key: a did:key, a .did or .pem file, or a contact')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'The commitment to the party''s next key: what foil keygen --next printed, or its NAME.next.did')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'The party that owns the device')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'The party or device that speaks for the device')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;assign' {
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'The party or device that speaks for it, or none')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;delegate' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The clerk''s key: a did:key, a .did or .pem file, or a contact')
            [CompletionResult]::new('--may', '--may', [CompletionResultType]::ParameterName, 'The types of record that it may sign, such as event,accept,handover')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Until when: a time, a duration from now such as 30d, or none, which ends it')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;rotate' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The new key: a did:key, a .did or .pem file, or a contact')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'The commitment to the key after that: its hash, or the key')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;revoke' {
            [CompletionResult]::new('--trusted-until', '--trusted-until', [CompletionResultType]::ParameterName, 'What was received later than this is suspect; when the event is received where absent')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;transfer' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The party that owns it then')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'The party or device that speaks for it then')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--with-lease', '--with-lease', [CompletionResultType]::ParameterName, 'Name all open leases: the new owner takes them over')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;lease' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The lessee')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'When it begins; now where absent')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'When it ends: a time, or a duration from its beginning such as 30d')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'The party or device that speaks for it meanwhile')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;return' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;registry;handover' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The party that takes it')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the key''s passphrase from the first line of a file instead of asking')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'From when on the event can no longer be received: a time, or a duration from now such as 7d')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Answer from what stands there, without verifying it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contract' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Look a contract over: errors, and what cannot be meant')
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Compile a contract: TOML in, one line of canonical JSON out')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a contract against ledgers: kept, breached, pending or undetermined')
            [CompletionResult]::new('blame', 'blame', [CompletionResultType]::ParameterValue, 'Say of every excursion when, how far, how long, and in whose hands')
            break
        }
        'foil;contract;lint' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contract;compile' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, whole or not at all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contract;check' {
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'Judge as of this time, also one behind the last entry; entries that arrived later do not exist')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The log''s key, where the contract names no ledger: a vkey, a DID, a file, or a contact')
            [CompletionResult]::new('--draft', '--draft', [CompletionResultType]::ParameterName, 'Evaluate also what not all parties have accepted')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Trust the ledgers instead of verifying them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;contract;blame' {
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'Judge as of this time, also one behind the last entry; entries that arrived later do not exist')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The log''s key, where the contract names no ledger: a vkey, a DID, a file, or a contact')
            [CompletionResult]::new('--draft', '--draft', [CompletionResultType]::ParameterName, 'Evaluate also what not all parties have accepted')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Trust the ledgers instead of verifying them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;device' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('ports', 'ports', [CompletionResultType]::ParameterValue, 'List serial ports')
            [CompletionResult]::new('read', 'read', [CompletionResultType]::ParameterValue, 'Read a device: bytes in, records out, unattended')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Simulate a device on a pseudo-terminal')
            break
        }
        'foil;device;ports' {
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Go on, and say what is plugged in and out')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;device;read' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What the device speaks [default: json, or what a simulated device speaks]')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'What the device is called in its records [default: from PORT]')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End after this many readings')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End after this time; with 124 if nothing was read, or --count is not met')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'End with 124 when there is no reading for this long')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'What a frame must prove about itself to be counted')
            [CompletionResult]::new('--bad', '--bad', [CompletionResultType]::ParameterName, 'What to do about a bad frame: count it and go on, or end with 2')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Put the frame into its reading: its SHA-256, or its bytes in base64')
            [CompletionResult]::new('--tee', '--tee', [CompletionResultType]::ParameterName, 'Keep the bytes as they come, added to this file')
            [CompletionResult]::new('--frame', '--frame', [CompletionResultType]::ParameterName, 'How frames are told apart [default: by format]')
            [CompletionResult]::new('--max-frame', '--max-frame', [CompletionResultType]::ParameterName, 'The longest frame, in bytes')
            [CompletionResult]::new('--baud', '--baud', [CompletionResultType]::ParameterName, 'Bits per second [default: by format]')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'Data bits, parity, stop bits')
            [CompletionResult]::new('--flow', '--flow', [CompletionResultType]::ParameterName, 'Flow control')
            [CompletionResult]::new('--dtr', '--dtr', [CompletionResultType]::ParameterName, 'What the line DTR does on opening; many boards start anew when it changes')
            [CompletionResult]::new('--send', '--send', [CompletionResultType]::ParameterName, 'Send this whenever the device was opened: text with \r \n \t \\ \xHH')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for a port that another process has')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'The shortest and the longest pause before a device that went away is looked for again')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'What a simulated device says follows from this [default: random]')
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'When a simulated device''s clock begins: a time, or now [default: 2026-03-01T06:00:00Z]')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'How often a simulated device speaks, by its clock. It does so at once with --count, else every second')
            [CompletionResult]::new('--allow-mismatch', '--allow-mismatch', [CompletionResultType]::ParameterName, 'Read although the driver set something else than asked for')
            [CompletionResult]::new('--no-reconnect', '--no-reconnect', [CompletionResultType]::ParameterName, 'End with 2 when the device goes away, or is not there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;device;simulate' {
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'Do what a file says, line by line: send TEXT, file PATH, wait DURATION, unplug DURATION')
            [CompletionResult]::new('--link', '--link', [CompletionResultType]::ParameterName, 'Link to the device file under this name, and again after it was unplugged')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'What the device says, and its faults, follow from this [default: random]')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End after this many frames')
            [CompletionResult]::new('--pace', '--pace', [CompletionResultType]::ParameterName, 'How long to pause after each frame')
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'When the device''s clock begins: a time, or now [default: 2026-03-01T06:00:00Z]')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'How often the device speaks, by its clock [default: by KIND]')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'What goes wrong, and how often: drop=P and flip=P a byte, cut=P a frame, late=DURATION, unplug=FRAMES')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;repl' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Run one line and end with its status')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'foil;demo' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON lines, also on a terminal')
            [CompletionResult]::new('--human', '--human', [CompletionResultType]::ParameterName, 'Write for people, also into a pipe')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say errors and warnings only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is read and decided')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
