package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed dist
var dist embed.FS

const assetsPath = "/assets/"

// asset is one embedded file, ready to be sent.
type asset struct {
	url     string // with the hash of the content, so that it can be kept for ever
	kind    string // media type
	etag    string
	plain   []byte
	gzipped []byte // nil where it would not be smaller
}

// library holds every asset by its name and by its address. It never changes.
type library struct {
	byName, byURL map[string]asset
}

// assets reads, hashes and compresses the embedded files, once.
var assets = sync.OnceValue(func() library {
	folder, err := fs.Sub(dist, "dist")
	if err != nil {
		return library{}
	}
	return catalogue(folder)
})

// AssetURL returns the address of an embedded file, such as "app.css". The
// address changes with the content. An unknown name gets an address that
// answers 404.
func AssetURL(name string) string {
	if a, ok := assets().byName[name]; ok {
		return a.url
	}
	return assetsPath + name
}

// Assets serves the embedded files below /assets/. Browsers and proxies may
// keep an answer for ever, since other content has another address.
func Assets() http.Handler {
	shelf := assets()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := shelf.byURL[r.URL.Path]
		if !ok {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		a.ServeHTTP(w, r)
	})
}

// ServeHTTP sends the asset, compressed for clients that accept it.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	content, etag := a.plain, a.etag
	if a.gzipped != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		content, etag = a.gzipped, a.etag+"-gz"
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// catalogue reads a folder. Style sheets come last, because the addresses in
// them become the hashed addresses of the other files before they are hashed.
func catalogue(folder fs.FS) library {
	shelf := library{byName: map[string]asset{}, byURL: map[string]asset{}}
	names, _ := fs.Glob(folder, "*")
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range names {
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			continue
		}
		if path.Ext(name) == ".css" {
			content = shelf.withHashedAddresses(content)
		}
		a := newAsset(name, content)
		shelf.byName[name], shelf.byURL[a.url] = a, a
	}
	return shelf
}

func rank(name string) int {
	if path.Ext(name) == ".css" {
		return 1
	}
	return 0
}

func (l library) withHashedAddresses(css []byte) []byte {
	for _, name := range slices.Sorted(maps.Keys(l.byName)) {
		css = bytes.ReplaceAll(css, []byte("url(./"+name+")"), []byte("url("+l.byName[name].url+")"))
	}
	return css
}

func newAsset(name string, content []byte) asset {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])[:16]
	ext := path.Ext(name)
	return asset{
		url:     assetsPath + strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:    mediaType(ext),
		etag:    hash,
		plain:   content,
		gzipped: compressed(content),
	}
}

// mediaType is written out here because the operating system's list, which
// package mime consults, differs from machine to machine.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}

// compressed returns the gzip form of content, nil if that saves nothing.
func compressed(content []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(content); err != nil || z.Close() != nil {
		return nil
	}
	if b.Len() >= len(content) {
		return nil
	}
	return b.Bytes()
}
