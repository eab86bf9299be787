package safety

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"simpul/internal/platform/archive"
	"simpul/internal/platform/sqldb"
)

// partBytes is how much of a table's rows one file of an archive holds; a row is
// never divided.
const partBytes = 4 << 20

// A part is packed rows, each behind its length as a uvarint.
type partWriter struct {
	to   *archive.Writer
	copy TableCopy
	sum  sqldb.Sum
	part []byte
	row  []byte
}

func copyTable(ctx context.Context, s *sqldb.Snapshot, t sqldb.Table, to *archive.Writer) (TableCopy, error) {
	w := &partWriter{to: to, copy: TableCopy{Table: t, Parts: []archive.File{}}}
	if err := s.Rows(ctx, t, w.add); err != nil {
		return w.copy, err
	}
	if err := w.flush(); err != nil {
		return w.copy, err
	}
	w.copy.Rows, w.copy.Sum = w.sum.Rows, hex.EncodeToString(w.sum.Digest[:])
	return w.copy, nil
}

func (w *partWriter) add(r sqldb.Row) (err error) {
	if w.row, err = r.Pack(w.row[:0]); err != nil {
		return fmt.Errorf("pack %s: %w", w.copy.Name, err)
	}
	w.sum.Add(w.row)
	w.part = append(binary.AppendUvarint(w.part, uint64(len(w.row))), w.row...)
	if len(w.part) < partBytes {
		return nil
	}
	return w.flush()
}

func (w *partWriter) flush() error {
	if len(w.part) == 0 {
		return nil
	}
	f, err := w.to.AddBytes(partName(w.copy.Name, len(w.copy.Parts)), w.part)
	w.copy.Parts = append(w.copy.Parts, f)
	w.part = w.part[:0]
	return err
}

// copied are the rows of a backup whose parts lie in a folder.
type copied struct {
	dir      string
	database Database
}

var errTable = errors.New("the table is not as the backup has it")

// Open gives the rows of a table. One that the backup does not know has none.
func (c copied) Open(t sqldb.Table) (func() (sqldb.Row, error), error) {
	from, ok := c.table(t.Name)
	if !ok {
		return nil, fmt.Errorf("%s: %w", t.Name, errTable)
	}
	if !slices.Equal(from.Columns, t.Columns) {
		return nil, fmt.Errorf("%s: %w: other columns", t.Name, errTable)
	}
	r := &partReader{dir: c.dir, parts: from.Parts, columns: len(t.Columns)}
	return r.next, nil
}

// Check compares what was stored with what the backup has.
func (c copied) Check(t sqldb.Table, sum sqldb.Sum) error {
	from, ok := c.table(t.Name)
	if !ok || from.Rows != sum.Rows || from.Sum != hex.EncodeToString(sum.Digest[:]) {
		return fmt.Errorf("%s: %w: other rows", t.Name, errTable)
	}
	return nil
}

func (c copied) table(name string) (TableCopy, bool) {
	i := slices.IndexFunc(c.database.Tables, func(t TableCopy) bool { return t.Name == name })
	if i < 0 {
		return TableCopy{}, false
	}
	return c.database.Tables[i], true
}

// partReader reads the parts of one table in order.
type partReader struct {
	dir     string
	parts   []archive.File
	columns int
	most    uint64 // bytes of the part that is open, which no row exceeds
	file    *os.File
	from    *bufio.Reader
	row     []byte
}

func (r *partReader) next() (sqldb.Row, error) {
	for {
		if r.file == nil {
			if len(r.parts) == 0 {
				return nil, io.EOF
			}
			if err := r.enter(); err != nil {
				return nil, err
			}
		}
		n, err := binary.ReadUvarint(r.from)
		if err == io.EOF {
			r.file.Close()
			r.file = nil
			continue
		}
		if err != nil || n > r.most {
			return nil, errors.Join(err, errTable)
		}
		return r.take(int(n))
	}
}

func (r *partReader) enter() (err error) {
	r.file, err = os.Open(filepath.Join(r.dir, filepath.FromSlash(r.parts[0].Name)))
	if err != nil {
		return err
	}
	r.most = uint64(r.parts[0].Bytes)
	r.from, r.parts = bufio.NewReaderSize(r.file, 1<<20), r.parts[1:]
	return nil
}

func (r *partReader) take(n int) (sqldb.Row, error) {
	r.row = slices.Grow(r.row[:0], n)[:n]
	if _, err := io.ReadFull(r.from, r.row); err != nil {
		return nil, errors.Join(err, errTable)
	}
	return sqldb.UnpackRow(r.row, r.columns)
}
