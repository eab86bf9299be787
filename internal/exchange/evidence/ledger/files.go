package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/transparency-dev/tessera/api/layout"

	"simpul/internal/exchange/evidence/proof"
)

// files reads a log on disk, as C2SP tlog-tiles lays it out.
type files struct{ dir string }

func (f files) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f files) checkpoint() ([]byte, error) { return os.ReadFile(f.path(layout.CheckpointPath)) }

// tile reads a hash tile; of one that is no longer partial, the part.
func (f files) tile(_ context.Context, level, index uint64, partial uint8) ([]byte, error) {
	b, err := f.either(layout.TilePath(level, index, partial), layout.TilePath(level, index, 0))
	if most := int(partial) * hashBytes; err == nil && partial > 0 && len(b) > most {
		b = b[:most]
	}
	return b, err
}

const hashBytes = len(hash{})

// either reads the first of two files, or else the second: partial tiles go once
// the full one is there.
func (f files) either(name, other string) ([]byte, error) {
	b, err := os.ReadFile(f.path(name))
	if errors.Is(err, os.ErrNotExist) {
		b, err = os.ReadFile(f.path(other))
	}
	return b, err
}

// bundle returns the blocks of an entry bundle in a log of the size, of which it
// has at least one entry.
func (f files) bundle(index, size uint64) ([]proof.Block, error) {
	partial := layout.PartialTileSize(0, index, size)
	name := layout.EntriesPath(index, partial)
	raw, err := f.either(name, layout.EntriesPath(index, 0))
	if err != nil {
		return nil, damaged(name, err)
	}
	blocks, err := parseBundle(raw)
	if err == nil && len(blocks) < width(partial) {
		err = errBundle
	}
	if err != nil {
		return nil, damaged(name, err)
	}
	return blocks[:width(partial)], nil
}

// width is how many entries a bundle has, or hashes a tile.
func width(partial uint8) int {
	if partial == 0 {
		return layout.EntryBundleWidth
	}
	return int(partial)
}

// firstOf returns the first block of a bundle without reading the rest.
func (f files) firstOf(index, size uint64) (proof.Block, error) {
	partial := layout.PartialTileSize(0, index, size)
	name := layout.EntriesPath(index, partial)
	file, err := os.Open(f.path(name))
	if errors.Is(err, os.ErrNotExist) {
		file, err = os.Open(f.path(layout.EntriesPath(index, 0)))
	}
	if err != nil {
		return proof.Block{}, damaged(name, err)
	}
	defer file.Close()
	b := make([]byte, lengthBytes+entryBytes)
	if _, err := file.ReadAt(b, 0); err != nil {
		return proof.Block{}, damaged(name, err)
	}
	blocks, err := parseBundle(b)
	if err != nil || len(blocks) != 1 {
		return proof.Block{}, damaged(name, errors.Join(errBundle, err))
	}
	return blocks[0], nil
}

// An entry bundle is a row of entries, each after its length (uint16, big-endian).
const lengthBytes = 2

var (
	entryBytes = len(proof.Block{First: 1, Count: 1}.Entry())
	errBundle  = errors.New("not a bundle of blocks")
)

// parseBundle reads a bundle and refuses what is not made of blocks.
func parseBundle(raw []byte) (blocks []proof.Block, err error) {
	if len(raw) == 0 || len(raw) > layout.EntryBundleWidth*(lengthBytes+entryBytes) {
		return nil, errBundle
	}
	for len(raw) > 0 {
		entry, rest, err := cutEntry(raw)
		if err != nil {
			return nil, err
		}
		b, err := proof.ParseBlock(entry)
		if err != nil {
			return nil, fmt.Errorf("entry %d of the bundle: %w", len(blocks), err)
		}
		blocks, raw = append(blocks, b), rest
	}
	return blocks, nil
}

func cutEntry(raw []byte) (entry, rest []byte, err error) {
	if len(raw) < lengthBytes {
		return nil, nil, errBundle
	}
	n := lengthBytes + int(binary.BigEndian.Uint16(raw))
	if len(raw) < n {
		return nil, nil, errBundle
	}
	return raw[lengthBytes:n], raw[n:], nil
}

// appendBundled appends an entry as it stands in a bundle.
func appendBundled(dst []byte, entry []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(entry)))
	return append(dst, entry...)
}
