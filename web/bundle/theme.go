package main

import (
	"errors"
	"os"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// twoWaysIntoTheDark lets tokens-dark.css list the dark values once, and has
// them apply both to people who chose the dark theme and, unless they chose the
// light one, to people whose device prefers dark.
func twoWaysIntoTheDark() api.Plugin {
	return api.Plugin{Name: "dark theme", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `tokens-dark\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			css := underPreference(string(source))
			return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS}, nil
		})
	}}
}

const chosen, notRefused = `:root[data-theme="dark"]`, `:root:not([data-theme="light"])`

func underPreference(css string) string {
	preferred := strings.Replace(css, chosen, notRefused, 1)
	return css + "\n@media (prefers-color-scheme: dark) {\n" + preferred + "\n}\n"
}

// failure joins esbuild's messages, each with its place.
func failure(messages []api.Message) error {
	lines := api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New(strings.TrimSpace(strings.Join(lines, "\n")))
}
