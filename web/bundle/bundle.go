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

// copied are the files that are served as somebody else published them, or as
// they were drawn: name in dist, and path from the root.
var copied = map[string]string{
	"htmx.js":         "node_modules/htmx.org/dist/htmx.min.js",
	"htmx-LICENSE":    "node_modules/htmx.org/LICENSE",
	"jakarta.woff2":   "node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
	"jakarta-LICENSE": "node_modules/@fontsource-variable/plus-jakarta-sans/LICENSE",
	"kawung.svg":      "web/art/kawung.svg",
	"mark.svg":        "web/art/mark.svg",
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
	for name, entry := range map[string]string{"app.css": "web/css/app.css", "app.js": "web/islands/app.ts"} {
		content, err := compile(filepath.Join(root, entry))
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// compile bundles one entry point into one minified file. Addresses of fonts
// and pictures stay as written: the server turns them into hashed ones.
func compile(entry string) ([]byte, error) {
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
		Engines:           oldest,
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
