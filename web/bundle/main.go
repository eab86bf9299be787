// Command bundle turns web/ into the files that the program embeds and serves:
//
//	go run ./web/bundle
//
// It runs from the repository's root after npm install, and writes the same
// bytes on every machine. Its output, internal/platform/web/dist, is committed,
// so that building Simpul needs no Node.js.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the repository's root")
	out := flag.String("out", "internal/platform/web/dist", "where the files go")
	flag.Parse()
	if err := write(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// write makes the folder out hold the bundle and nothing else. Files that stay
// are overwritten in place, so that a build beside it never misses one.
func write(root, out string) error {
	files, err := bundle(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return err
		}
	}
	return removeOthers(out, files)
}

func removeOthers(out string, keep map[string][]byte) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, kept := keep[entry.Name()]; kept || entry.IsDir() {
			continue
		}
		if err := os.Remove(filepath.Join(out, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
