package safety

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// leastSealed is the length of the shortest sealed value in base64.
const leastSealed = 44

// sealed opens every sealed value of the database. Which those are is seen by
// themselves: a sealed value names its key.
func (c Check) sealed(ctx context.Context, db *sqldb.DB, r *Report) error {
	if _, err := os.Stat(c.KeyFile); errors.Is(err, fs.ErrNotExist) {
		r.add(remark(c.name(c.KeyFile), "Berkas kunci tidak ada di sini. Bawa berkas itu sebelum hub dijalankan; nilai tersegel tidak diperiksa.", "The key file is not here. Bring it before the hub is started; sealed values were not checked."))
		return nil
	}
	vault, err := c.OpenKeys(ctx, db)
	if err != nil {
		r.add(Finding{Place: c.name(c.KeyFile), Offset: -1, Harm: true, Message: messageOf(err)})
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

func messageOf(err error) simpul.Text {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		return e.Message
	}
	return words("Tidak dapat dibuka: %v.", "Cannot be opened: %v.", err)
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
		r.add(harm(c.table(t.Name), "Nilai tersegel %s pada baris %s tidak dapat dibuka: isinya berubah.", "The sealed value %s of row %s does not open: it was changed.", t.Columns[i].Name, keyOf(t, row)))
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
