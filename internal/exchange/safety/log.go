package safety

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simpul/internal/platform/archive"
)

const (
	checkpointName = "checkpoint"
	stateFolder    = ".state"
)

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

// logHead is what says how long the logs below a data folder are, read before
// their tiles. A log is a folder with a checkpoint.
type logHead struct {
	logs  map[string]Checkpoint // by folder
	names []string              // below the data folder, in the order in which they were read
	files map[string][]byte     // by name
	sizes map[string]uint64     // entries that the writer has integrated, by the folder of the log
}

var integrated = regexp.MustCompile(`"size":\s*([0-9]+)`)

// readHead reads checkpoints first and the writer's state after them: a state
// may be ahead of a checkpoint, the other way round it would be damage. Tiles are
// read later still, so they hold all that either speaks of.
func readHead(data string) (logHead, error) {
	h := logHead{logs: map[string]Checkpoint{}, files: map[string][]byte{}, sizes: map[string]uint64{}}
	var checkpoints, states []string
	err := filepath.WalkDir(filepath.Join(data, logFolder), func(file string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "tile":
			return fs.SkipDir
		case !d.Type().IsRegular() || isLock(d.Name()):
			return nil
		}
		rel, err := filepath.Rel(data, file)
		if name := filepath.ToSlash(rel); path.Base(name) == checkpointName {
			checkpoints = append(checkpoints, name)
		} else if path.Base(path.Dir(name)) == stateFolder {
			states = append(states, name)
		}
		return err
	})
	if err != nil {
		return h, err
	}
	for _, name := range append(checkpoints, states...) {
		if err := h.read(data, name); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (h *logHead) read(data, name string) error {
	text, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(text) > mostHead {
		return fmt.Errorf("%s has %d bytes", name, len(text))
	}
	h.names, h.files[name] = append(h.names, name), text
	if c, ok := ParseCheckpoint(text); ok {
		h.logs[path.Dir(name)], h.sizes[path.Dir(name)] = c, c.Size
		return nil
	}
	if m := integrated.FindSubmatch(text); m != nil {
		n, _ := strconv.ParseUint(string(m[1]), 10, 64)
		log := path.Dir(path.Dir(name))
		h.sizes[log] = max(h.sizes[log], n)
	}
	return nil
}

func isLock(name string) bool { return strings.HasSuffix(name, "lock") }

// copyLog copies the head and then every tile that holds something of it. Full
// tiles never change, so those that the earlier backup has are not copied again.
func (b *backing) copyLog(head logHead) error {
	b.manifest.Log = Log{Files: []Copy{}}
	for _, name := range head.names {
		f, err := b.to.AddBytes(name, head.files[name])
		if err != nil {
			return err
		}
		b.manifest.Log.Files = append(b.manifest.Log.Files, Copy{File: f, In: b.manifest.ID})
	}
	return filepath.WalkDir(filepath.Join(b.Data, logFolder), func(file string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a partial tile that was swept, or no log at all
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(b.Data, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, isHead := head.files[name]; isHead || isLock(name) || !archive.Plain(name) || beyond(name, head.sizes) {
			return nil
		}
		return b.copyTile(name)
	})
}

// describe says how long the log of the journal is, which is the one that grows.
func (b *backing) describe(head logHead) {
	c := head.of(b.manifest.Journal, b.manifest.Ended)
	b.manifest.Log.Origin, b.manifest.Log.Size, b.manifest.Log.Root = c.Origin, c.Size, c.Root
}

// of is the checkpoint of the journal's log; where none has its name, that of the longest
// but those of journals that have ended.
func (h logHead) of(j JournalCopy, ended []JournalCopy) (longest Checkpoint) {
	if c, ok := h.logs[path.Join(logFolder, j.ID)]; ok {
		return c
	}
	for folder, c := range h.logs {
		past := slices.ContainsFunc(ended, func(e JournalCopy) bool { return path.Base(folder) == e.ID })
		if !past && (longest.Origin == "" || c.Size > longest.Size) {
			longest = c
		}
	}
	return longest
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

// tile is a path of C2SP tlog-tiles below the folder of a log: level or entries,
// index in groups of three digits, and the width of a partial one.
var tile = regexp.MustCompile(`^(log(?:/[0-9a-f]+)?)/tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(\.p/[0-9]+)?$`)

func isFullTile(name string) bool {
	m := tile.FindStringSubmatch(name)
	return m != nil && m[4] == ""
}

// tileWidth is how many hashes a full tile holds.
const tileWidth = 256

// beyond reports whether a tile begins behind the end of its log.
func beyond(name string, sizes map[string]uint64) bool {
	m := tile.FindStringSubmatch(name)
	if m == nil {
		return false
	}
	index, err := strconv.ParseUint(strings.NewReplacer("x", "", "/", "").Replace(m[3]), 10, 64)
	if err != nil {
		return false
	}
	hashes := sizes[m[1]]
	level, _ := strconv.Atoi(m[2]) // entries count as level 0
	for ; hashes > 0 && level > 0; level-- {
		hashes /= tileWidth
	}
	return index >= (hashes+tileWidth-1)/tileWidth
}

// copyBeside copies a small file that stands beside the segments, where it exists.
func (b *backing) copyBeside(j *JournalCopy, name string) error {
	f, err := os.Open(filepath.Join(b.Data, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	made, err := b.to.Add(name, info.Size(), f)
	j.Beside = append(j.Beside, Copy{File: made, In: b.manifest.ID})
	return err
}
