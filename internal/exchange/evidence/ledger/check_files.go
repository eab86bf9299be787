package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	flog "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/tessera/api/layout"
)

// What Tessera keeps beside the tiles.
const (
	stateFile   = ".state/treeState"
	versionFile = ".state/version"
	gcFile      = ".state/gcState"
	version     = "1"
)

var locks = []string{".state/treeState.lock", ".state/publish.lock", ".state/gcState.lock"}

// treeState mirrors how Tessera writes its state.
type treeState struct {
	Size uint64 `json:"size"`
	Root []byte `json:"root"`
}

// widest reads the bundle with the most entries that there is of an index.
func (f files) widest(index uint64) ([]byte, error) {
	full := layout.EntriesPath(index, 0)
	b, err := os.ReadFile(f.path(full))
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	parts, err := os.ReadDir(f.path(full + ".p"))
	if err != nil {
		return nil, err
	}
	most := 0
	for _, part := range parts {
		if n, err := strconv.Atoi(part.Name()); err == nil && n < layout.EntryBundleWidth {
			most = max(most, n)
		}
	}
	return os.ReadFile(f.path(layout.EntriesPath(index, uint8(most))))
}

// chooseSize finds out how many entries the log should have: what its state says,
// if that is right, else what its checkpoint says, else all.
func (c *check) chooseSize() {
	c.size = uint64(len(c.blocks))
	if !c.begun() {
		return
	}
	var s treeState
	raw, err := os.ReadFile(c.path(stateFile))
	if err == nil && json.Unmarshal(raw, &s) == nil && c.right(s.Size, s.Root) {
		c.size = s.Size
		return
	}
	if size, root, err := c.published(); err == nil && c.right(size, root) {
		c.size = size
	}
}

func (c *check) right(size uint64, root []byte) bool {
	return size <= uint64(len(c.blocks)) && bytes.Equal(root, c.rootOver(size))
}

// require looks for the files that a log of the size has.
func (c *check) require() {
	if c.size == 0 && !c.begun() {
		return
	}
	names := []string{layout.CheckpointPath, stateFile, versionFile}
	for index := uint64(0); index*bundleWidth < c.size; index++ {
		names = append(names, layout.EntriesPath(index, layout.PartialTileSize(0, index, c.size)))
	}
	for level := uint64(0); c.size>>(level*layout.TileHeight) > 0; level++ {
		for index := uint64(0); index*layout.TileWidth < c.size>>(level*layout.TileHeight); index++ {
			names = append(names, layout.TilePath(level, index, layout.PartialTileSize(level, index, c.size)))
		}
	}
	for _, name := range names {
		if _, err := os.Stat(c.path(name)); errors.Is(err, fs.ErrNotExist) {
			c.found(name, FaultGone)
		} else if err != nil {
			c.found(name, err)
		}
	}
}

// walk compares every file that there is.
func (c *check) walk(ctx context.Context) error {
	return filepath.WalkDir(c.dir, func(at string, entry fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(at, c.dir), string(filepath.Separator)))
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			c.found(name, err) // what is beside it is compared all the same
		case err == nil && !entry.IsDir():
			c.compare(name)
		}
		return ctx.Err()
	})
}

func (c *check) compare(name string) {
	raw, err := os.ReadFile(c.path(name))
	if err != nil {
		c.found(name, err)
		return
	}
	switch problem := c.problem(name, raw); {
	case errors.Is(problem, FaultAhead) && c.lost: // the journal is to blame, and was
	case errors.Is(problem, FaultStranger) && isLeftover(name):
		c.Leftovers = append(c.Leftovers, name)
	case problem != nil:
		c.found(name, problem)
	}
}

// problem is what is wrong with a file of the log, nil for nothing.
func (c *check) problem(name string, raw []byte) error {
	switch {
	case name == layout.CheckpointPath:
		return c.checkpointProblem(raw)
	case name == stateFile:
		return c.stateProblem(raw)
	case name == gcFile:
		return c.gcProblem(raw)
	case name == versionFile:
		return same(raw, []byte(version))
	case slices.Contains(locks, name):
		return same(raw, nil)
	}
	level, index, partial, ok := tileOf(name)
	if !ok {
		return FaultStranger
	}
	if level < 0 {
		return c.bundleProblem(raw, index, partial)
	}
	return c.tileProblem(raw, level, index, partial)
}

func same(have, want []byte) error {
	if !bytes.Equal(have, want) {
		return FaultOther
	}
	return nil
}

// ended is a fault where something is left of a file.
func ended(raw, rest []byte) error {
	if len(rest) > 0 {
		return misfit{Fault: FaultOther, offset: int64(len(raw) - len(rest))}
	}
	return nil
}

// tileOf reads the name of a tile, or of an entry bundle, whose level is -1.
func tileOf(name string) (level int, index uint64, partial uint8, ok bool) {
	if _, ok := fileOf(name); !ok {
		return 0, 0, 0, false
	}
	at, rest, _ := strings.Cut(strings.TrimPrefix(name, "tile/"), "/")
	index, partial, err := layout.ParseTileIndexPartial(rest)
	if at == "entries" {
		return -1, index, partial, err == nil
	}
	n, lerr := layout.ParseTileLevel(at)
	return int(n), index, partial, errors.Join(err, lerr) == nil
}

func (c *check) bundleProblem(raw []byte, index uint64, partial uint8) error {
	first := index * bundleWidth
	if first+uint64(width(partial)) > uint64(len(c.blocks)) || index > uint64(len(c.blocks)) {
		return FaultAhead
	}
	rest := raw
	for n, b := range c.blocks[first : first+uint64(width(partial))] {
		if !c.isBundled(rest, first+uint64(n)) {
			return misfit{FaultOther, int64(len(raw) - len(rest)), b.First, borderOf(b).next() - 1}
		}
		rest = rest[lengthBytes+entryBytes:]
	}
	return ended(raw, rest)
}

func (c *check) tileProblem(raw []byte, level int, index uint64, partial uint8) error {
	if level >= len(c.levels) || index > uint64(len(c.levels[level])) {
		return FaultAhead
	}
	first := index * layout.TileWidth
	if first+uint64(width(partial)) > uint64(len(c.levels[level])) {
		return FaultAhead
	}
	rest := raw
	for _, want := range c.levels[level][first : first+uint64(width(partial))] {
		if !bytes.HasPrefix(rest, want[:]) {
			return misfit{Fault: FaultOther, offset: int64(len(raw) - len(rest))}
		}
		rest = rest[len(want):]
	}
	return ended(raw, rest)
}

func (c *check) stateProblem(raw []byte) error {
	var s treeState
	if err := json.Unmarshal(raw, &s); err == nil && s.Size > uint64(len(c.blocks)) {
		return FaultAhead
	}
	want, err := json.Marshal(treeState{c.size, c.rootOver(c.size)})
	return errors.Join(err, same(raw, want))
}

func (c *check) gcProblem(raw []byte) error {
	var s struct {
		FromSize uint64 `json:"fromSize"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return FaultOther
	}
	if s.FromSize > c.size || s.FromSize%bundleWidth != 0 {
		return FaultAhead
	}
	want, err := json.Marshal(s)
	return errors.Join(err, same(raw, want))
}

func (c *check) checkpointProblem(raw []byte) error {
	p, _, n, err := flog.ParseCheckpoint(raw, c.verifier.Name(), c.verifier)
	if err != nil {
		return fmt.Errorf("%w: %w", FaultCheckpoint, err)
	}
	if p.Size > uint64(len(c.blocks)) {
		return FaultAhead
	}
	if err := same(p.Hash, c.rootOver(p.Size)); err != nil {
		return err
	}
	// A signature has one way to be written.
	_, signatures, _ := strings.Cut(string(raw), "\n\n")
	for _, s := range n.Sigs {
		if b, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil || !strings.Contains(signatures, base64.StdEncoding.EncodeToString(b)) {
			return errors.Join(FaultCheckpoint, err)
		}
	}
	return nil
}

// isLeftover reports whether the file is one that Tessera writes before it is
// renamed: the name that it was to have, and a number.
func isLeftover(name string) bool {
	for range 10 {
		if name == "" || name[len(name)-1] < '0' || name[len(name)-1] > '9' {
			return false
		}
		name = name[:len(name)-1]
		if _, ok := fileOf(name); ok || name == stateFile || name == gcFile || name == versionFile {
			return true
		}
	}
	return false
}
