package ledger

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/transparency-dev/tessera/api/layout"
)

// TilesPath is where the log of a journal is read, below it as C2SP tlog-tiles
// says.
const TilesPath = "/log/"

// tilesAge is how long a tile may be kept: for ever, since it never changes.
const tilesAge = "public, max-age=31536000, immutable"

// Register puts the log on the mux, and those of journals that have ended, for everybody
// to read: they hold nothing but hashes over salted hashes.
func (l *Ledger) Register(mux *http.ServeMux, earlier ...*Ledger) {
	all := append([]*Ledger{l}, earlier...)
	mux.HandleFunc("GET "+TilesPath+"{journal}/{path...}", func(w http.ResponseWriter, r *http.Request) {
		switch asked := among(all, r.PathValue("journal")); {
		case asked == nil:
			absent(w)
		case r.PathValue("path") == PredecessorPath:
			asked.servePredecessor(w, r)
		default:
			asked.serveFile(w, r)
		}
	})
}

// serveFile answers with a file of the log. Only names that the log itself would
// give are looked up, so no path leads out of its folder.
func (l *Ledger) serveFile(w http.ResponseWriter, r *http.Request) {
	name, ok := fileOf(r.PathValue("path"))
	if !ok {
		absent(w)
		return
	}
	f, err := os.Open(l.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		absent(w)
		return
	}
	if err != nil {
		l.options.Log.ErrorContext(r.Context(), "evidence log: a file cannot be served", "err", err)
		http.Error(w, "the log cannot be read now", http.StatusServiceUnavailable)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		absent(w)
		return
	}
	describe(w.Header(), name)
	http.ServeContent(w, r, "", info.ModTime(), f)
}

func describe(h http.Header, name string) {
	h.Set("X-Content-Type-Options", "nosniff")
	if name == layout.CheckpointPath {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		return
	}
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", tilesAge)
}

// absent answers for whatever is not there; it may be there later.
func absent(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "not found", http.StatusNotFound)
}

// fileOf returns the name of the file for a path, or false for a path that is not
// written as C2SP tlog-tiles writes it.
func fileOf(path string) (name string, ok bool) {
	if path == layout.CheckpointPath {
		return path, true
	}
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return "", false
	}
	level, index, ok := strings.Cut(rest, "/")
	if !ok {
		return "", false
	}
	n, partial, err := layout.ParseTileIndexPartial(index)
	if err != nil {
		return "", false
	}
	if level == "entries" {
		name = layout.EntriesPath(n, partial)
	} else if at, err := layout.ParseTileLevel(level); err == nil {
		name = layout.TilePath(at, n, partial)
	}
	return name, name == path
}
