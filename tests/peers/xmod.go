// Verifies a published log with golang.org/x/mod/sumdb (Debian: golang-golang-x-mod-dev), which the Go project
// verifies its checksum database with: the checkpoint's signature, and that every entry is in the tree of the
// signed root, as its tiles prove. Arguments: folder, verifier key.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (dir folder) Height() int { return 8 }

// The path of a tile is C2SP's, which leaves the height out.
func (dir folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		bytes, err := dir.read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (dir folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (dir folder) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(dir), name))
}

func main() {
	log.SetFlags(0)
	dir := folder(os.Args[1])
	tree := open(dir, os.Args[2])
	hashes := tlog.TileHashReader(tree, dir)
	n := int64(0)
	for n < tree.N {
		width := tree.N - n
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: -1, N: n / 256, W: int(width)}
		bundle, err := dir.read(strings.Replace(tile.Path(), "tile/8/data", "tile/entries", 1))
		must(err)
		for len(bundle) > 0 {
			length := binary.BigEndian.Uint16(bundle)
			check(tree, hashes, n, bundle[2:2+length])
			bundle = bundle[2+length:]
			n++
		}
	}
	fmt.Printf("%d entries are in the tree\n", n)
}

func open(dir folder, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	bytes, err := dir.read("checkpoint")
	must(err)
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

func check(tree tlog.Tree, hashes tlog.HashReader, n int64, entry []byte) {
	proof, err := tlog.ProveRecord(tree.N, n, hashes)
	must(err)
	err = tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entry))
	if err != nil {
		log.Fatalf("entry %d: %v", n, err)
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
