package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simpul/internal/platform/checksum"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
)

// mostSummed bounds how large a database is summed when a hub stops, bytes: some
// seconds of reading, well within the time that a service manager gives.
const mostSummed = 2 << 30

// databaseFile is the file of a SQLite database; "" for a server.
func databaseFile(c config.Config) string {
	path, ok := strings.CutPrefix(c.Database.URL, "sqlite://")
	if !ok {
		return ""
	}
	return path
}

// within is a path below the data folder, with slashes; false for any other.
func within(data, path string) (string, bool) {
	rel, err := filepath.Rel(data, path)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// sumStore writes down what the files of a hub hold that has no checksum of its
// own, once the hub has closed them all. Where another process has the database
// open, nothing is written: it may be changing it.
func sumStore(c config.Config) error {
	database := databaseFile(c)
	before, err := sizeAndTime(database)
	if err != nil || inUse(database) {
		return err
	}
	names, err := summedFiles(c)
	if err != nil {
		return err
	}
	if err := checksum.Write(c.Data, names, clock.System()); err != nil {
		return err
	}
	if after, err := sizeAndTime(database); err != nil || after != before || inUse(database) {
		return errors.Join(err, checksum.Remove(c.Data))
	}
	return nil
}

// inUse reports whether a SQLite database is open somewhere: the last one that
// closes it removes its log.
func inUse(database string) bool {
	_, err := os.Stat(database + "-wal")
	return database != "" && err == nil
}

func sizeAndTime(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano()), nil
}

// summedFiles are the database, the key file, the last segment of the journal,
// whose end alone tells it from a torn one, and what of the log is no tile.
func summedFiles(c config.Config) (names []string, err error) {
	for _, path := range []string{
		databaseFile(c), c.Vault.File, filepath.Join(c.Data, "restored.json"), filepath.Join(c.Data, "demo-credentials.json"),
		filepath.Join(c.Data, "evidence", "blocks.list"), filepath.Join(c.Data, "evidence", "removed"),
	} {
		info, err := os.Stat(path)
		if name, ok := within(c.Data, path); ok && err == nil && info.Size() <= mostSummed {
			names = append(names, name)
		}
	}
	segments, err := filepath.Glob(filepath.Join(c.Data, "evidence", "*.seg"))
	if err != nil {
		return nil, err
	}
	if len(segments) > 0 {
		last, _ := within(c.Data, slices.Max(segments))
		names = append(names, last)
	}
	err = filepath.WalkDir(filepath.Join(c.Data, "log"), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "tile":
			return fs.SkipDir
		case d.Type().IsRegular():
			name, _ := within(c.Data, path)
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
