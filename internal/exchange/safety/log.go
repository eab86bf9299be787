package safety

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simpul/internal/platform/archive"
)

const checkpointName = "checkpoint"

// mostHead bounds the files that say how long the log is, bytes.
const mostHead = 1 << 20

// Checkpoint is the end of a transparency log, as a note says it (C2SP
// tlog-checkpoint): the signatures are for whoever has keys.
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   string // base64
}

// ParseCheckpoint reads the three lines of a note; false for anything else.
func ParseCheckpoint(text []byte) (c Checkpoint, ok bool) {
	lines := strings.SplitN(string(text), "\n", 4)
	if len(lines) < 4 || lines[0] == "" || len(lines[2]) != 44 {
		return c, false
	}
	size, err := strconv.ParseUint(lines[1], 10, 64)
	return Checkpoint{lines[0], size, lines[2]}, err == nil && strconv.FormatUint(size, 10) == lines[1]
}

// logHead is what says how long a log is, read before its tiles.
type logHead struct {
	checkpoint Checkpoint
	files      map[string][]byte // names below the data folder
	size       uint64            // entries that its writer has integrated
}

var integrated = regexp.MustCompile(`"size":\s*([0-9]+)`)

// readHead reads the checkpoint first and the writer's state after it: a state
// may be ahead of a checkpoint, the other way round it would be damage. Tiles are
// read later still, so they hold all that either speaks of.
func readHead(data string) (logHead, error) {
	h := logHead{files: map[string][]byte{}}
	dir := filepath.Join(data, logFolder)
	names := []string{checkpointName}
	states, err := os.ReadDir(filepath.Join(dir, ".state"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return h, err
	}
	for _, s := range states {
		if s.Type().IsRegular() && !isLock(s.Name()) {
			names = append(names, ".state/"+s.Name())
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return h, err
		}
		if len(text) > mostHead {
			return h, fmt.Errorf("%s has %d bytes", name, len(text))
		}
		h.files[logFolder+"/"+name] = text
	}
	h.checkpoint, _ = ParseCheckpoint(h.files[logFolder+"/"+checkpointName])
	h.size = h.checkpoint.Size
	for _, text := range h.files {
		if m := integrated.FindSubmatch(text); m != nil {
			n, _ := strconv.ParseUint(string(m[1]), 10, 64)
			h.size = max(h.size, n)
		}
	}
	return h, nil
}

func isLock(name string) bool { return strings.HasSuffix(name, "lock") }

// copyLog copies the head and then every tile that holds something of it. Full
// tiles never change, so those that the earlier backup has are not copied again.
func (b *backing) copyLog(head logHead) error {
	b.manifest.Log = Log{Origin: head.checkpoint.Origin, Size: head.checkpoint.Size, Root: head.checkpoint.Root, Files: []Copy{}}
	names := make([]string, 0, len(head.files))
	for name := range head.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := b.to.AddBytes(name, head.files[name])
		if err != nil {
			return err
		}
		b.manifest.Log.Files = append(b.manifest.Log.Files, Copy{File: f, In: b.manifest.ID})
	}
	return filepath.WalkDir(filepath.Join(b.Data, logFolder), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a partial tile that was swept, or no log at all
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(b.Data, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, isHead := head.files[name]; isHead || isLock(name) || !archive.Plain(name) || beyond(name, head.size) {
			return nil
		}
		return b.copyTile(name)
	})
}

func (b *backing) copyTile(name string) error {
	closed := isFullTile(name)
	if earlier, ok := b.had[name]; ok && closed {
		b.manifest.Log.Files = append(b.manifest.Log.Files, earlier)
		return nil
	}
	text, err := os.ReadFile(filepath.Join(b.Data, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f, err := b.to.AddBytes(name, text)
	b.manifest.Log.Files = append(b.manifest.Log.Files, Copy{File: f, In: b.manifest.ID, Closed: closed})
	return err
}

// tile is a path of C2SP tlog-tiles: level or entries, index in groups of three
// digits, and the width of a partial one.
var tile = regexp.MustCompile(`^log/tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(\.p/[0-9]+)?$`)

func isFullTile(name string) bool {
	m := tile.FindStringSubmatch(name)
	return m != nil && m[3] == ""
}

// tileWidth is how many hashes a full tile holds.
const tileWidth = 256

// beyond reports whether a tile begins behind the end of a log of that size.
func beyond(name string, size uint64) bool {
	m := tile.FindStringSubmatch(name)
	if m == nil {
		return false
	}
	index, err := strconv.ParseUint(strings.NewReplacer("x", "", "/", "").Replace(m[2]), 10, 64)
	if err != nil {
		return false
	}
	hashes := size
	level, _ := strconv.Atoi(m[1]) // entries count as level 0
	for ; hashes > 0 && level > 0; level-- {
		hashes /= tileWidth
	}
	return index >= (hashes+tileWidth-1)/tileWidth
}
