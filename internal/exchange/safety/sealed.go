package safety

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"simpul/internal/platform/sqldb"
)

// leastSealed is the length of the shortest sealed value in base64.
const leastSealed = 44

// sealed opens every sealed value of the database. Which those are is seen by
// themselves: a sealed value names its key.
func (c Check) sealed(ctx context.Context, db *sqldb.DB, r *Report) error {
	if _, err := os.Stat(c.KeyFile); errors.Is(err, fs.ErrNotExist) {
		r.add(Found(codeNoKeys, c.name(c.KeyFile)))
		return nil
	}
	vault, err := c.OpenKeys(ctx, db)
	if err != nil {
		r.add(Found(codeKeys, c.name(c.KeyFile)).Because(err))
		return nil
	}
	return db.Snapshot(ctx, func(s *sqldb.Snapshot) error {
		for _, t := range s.Tables {
			if err := s.Rows(ctx, t, func(row sqldb.Row) error { c.openRow(vault, t, row, r); return nil }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c Check) openRow(vault Vault, t sqldb.Table, row sqldb.Row, r *Report) {
	for i, value := range row {
		text, ok := value.(string)
		if !ok || len(text) < leastSealed || len(text)%4 != 0 || text[0] != 'A' {
			continue // base64 of a value that names its key begins so
		}
		sealed, err := base64.StdEncoding.DecodeString(text)
		if err != nil || !vault.Knows(sealed) {
			continue
		}
		if opens(vault, sealed, t, row, t.Columns[i].Name) {
			r.Sealed++
			continue
		}
		r.add(Found(codeSealed, c.table(t.Name)).With(t.Columns[i].Name + " " + keyOf(t, row)))
	}
}

// longestName is the longest text of a row that is tried as what a value was
// sealed for.
const longestName = 200

// opens tries the places that a row's values are sealed for: the whole key, or
// what names the row otherwise.
func opens(vault Vault, sealed []byte, t sqldb.Table, row sqldb.Row, column string) bool {
	names := []string{keyOf(t, row)}
	for _, value := range row {
		if text, ok := value.(string); ok && text != "" && len(text) <= longestName {
			names = append(names, text)
		}
	}
	for _, name := range names {
		if _, err := vault.Open(sealed, t.Name, name, column); err == nil {
			return true
		}
	}
	return false
}

func keyOf(t sqldb.Table, row sqldb.Row) string {
	parts := make([]string, len(t.Key))
	for i, k := range t.Key {
		parts[i] = fmt.Sprint(row[columnOf(t, k)])
	}
	return strings.Join(parts, "/")
}
