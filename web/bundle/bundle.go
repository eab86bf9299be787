package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// oldest are the oldest browsers that get the design: Windows 7 ended with
// Chrome 109, cheap phones still run Safari 14 and Firefox 91. Older ones get
// readable, working pages without it.
var oldest = []api.Engine{
	{Name: api.EngineChrome, Version: "90"},
	{Name: api.EngineFirefox, Version: "91"},
	{Name: api.EngineSafari, Version: "14"},
}

// reckoning are the oldest browsers in which what computes with large numbers runs:
// the libraries take values apart in a way that Safari 14.0 gets wrong.
var reckoning = []api.Engine{
	{Name: api.EngineChrome, Version: "90"},
	{Name: api.EngineFirefox, Version: "91"},
	{Name: api.EngineSafari, Version: "14.1"},
}

// compiled are the files that are made of sources, by their names in dist. Only app
// belongs to every page.
var compiled = map[string]source{
	"app.css":  {"web/css/app.css", oldest},
	"app.js":   {"web/islands/app.ts", oldest},
	"proof.js": {"web/islands/proof/page.ts", reckoning},
}

// source is an entry point, by its path from the root.
type source struct {
	entry string
	runs  []api.Engine // in these, or later ones
}

// copied are the files that are served as somebody else published them, or as
// they were drawn: name in dist, and path from the root.
var copied = map[string]string{
	"htmx.js":              "node_modules/htmx.org/dist/htmx.min.js",
	"htmx-LICENSE":         "node_modules/htmx.org/LICENSE",
	"jakarta.woff2":        "node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
	"jakarta-LICENSE":      "node_modules/@fontsource-variable/plus-jakarta-sans/LICENSE",
	"noble-curves-LICENSE": "node_modules/@noble/curves/LICENSE",
	"noble-hashes-LICENSE": "node_modules/@noble/hashes/LICENSE",
	"kawung.svg":           "web/art/kawung.svg",
	"mark.svg":             "web/art/mark.svg",
}

// bundle returns every served file by its name.
func bundle(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, path := range copied {
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	for name, s := range compiled {
		content, err := compile(filepath.Join(root, s.entry), s.runs)
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// compile bundles one entry point into one minified file. Addresses of fonts
// and pictures stay as written: the server turns them into hashed ones.
func compile(entry string, runs []api.Engine) ([]byte, error) {
	path, err := filepath.Abs(entry)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{path},
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		Charset:           api.CharsetUTF8,
		Engines:           runs,
		Format:            api.FormatIIFE,
		External:          []string{"*.woff2", "*.svg"},
		Plugins:           []api.Plugin{twoWaysIntoTheDark()},
		LogLevel:          api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return nil, failure(result.Errors)
	}
	return bytes.TrimSpace(result.OutputFiles[0].Contents), nil
}
