package standard

import (
	"context"
	"io"
	"strconv"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Format is how a list is written to a file.
type Format string

const (
	CSV  Format = "csv"
	SDMX Format = "sdmx-json"
)

// MaxFile is the largest file that is imported, bytes.
const MaxFile = 100 << 20

// Imported says what an import did, or would do.
type Imported struct {
	Rows   int  `json:"rows" doc:"Rows of codes in the list now"`
	Before int  `json:"before" doc:"Rows before"`
	Stored bool `json:"stored" doc:"False for a dry run"`
}

func read(format Format, r io.Reader) ([]Code, Placer, error) {
	if format == SDMX {
		return readSDMX(r)
	}
	return readCSV(r)
}

// Import replaces all codes of a list with those of a file: all of them or, on
// the first mistake, none. Events and mappings stay and must still fit.
func (l *Lists) Import(ctx context.Context, p simpul.Principal, id string, format Format, file io.Reader, dryRun bool) (done Imported, err error) {
	codes, place, err := read(format, file)
	if err != nil {
		return done, err
	}
	if err := CheckCodes(codes, place); err != nil {
		return done, err
	}
	return l.exchange(ctx, p, id, codes, dryRun)
}

// Replace replaces all codes of a list, of any length, as Import does.
func (l *Lists) Replace(ctx context.Context, p simpul.Principal, id string, codes []Code) (Imported, error) {
	if err := CheckCodes(codes, placeInSpec); err != nil {
		return Imported{}, err
	}
	return l.exchange(ctx, p, id, codes, false)
}

// exchange replaces the codes of a list with others that are in order.
func (l *Lists) exchange(ctx context.Context, p simpul.Principal, id string, codes []Code, dryRun bool) (done Imported, err error) {
	err = l.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getList(ctx, tx, ListID(id))
		if err != nil {
			return err
		}
		if err := tx.Own(before.Spec.Agency); err != nil {
			return err
		}
		if err := l.replaceCodes(ctx, tx, ListID(id), before.Spec.Agency, codes); err != nil {
			return err
		}
		after, err := whole(ctx, tx, ListID(id))
		if err != nil {
			return err
		}
		if err := checkRelations(ctx, tx, ListID(id), after.Spec.Successions, after.Spec.Mappings); err != nil {
			return err
		}
		done = Imported{Rows: len(codes), Before: before.Spec.Count, Stored: !dryRun}
		return sqldb.Rehearse(dryRun, recordList(ctx, tx, p, before.Spec.Agency, ListID(id), "refcode.import", strconv.Itoa(len(codes))+" rows"))
	})
	return done, sqldb.Coded(err, kindList, id)
}

// Export writes all codes of a list, of every period, to w.
func (l *Lists) Export(ctx context.Context, p simpul.Principal, id string, format Format, w io.Writer) error {
	err := l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err := getList(ctx, tx, ListID(id))
		if err != nil {
			return err
		}
		out, err := newWriter(format, w, ListID(id), s.Spec)
		if err != nil {
			return err
		}
		if err := eachCode(ctx, tx, ListID(id), out.write); err != nil {
			return err
		}
		return out.close()
	})
	return sqldb.Coded(err, kindList, id)
}

type codeWriter interface {
	write(Code) error
	close() error
}

func newWriter(format Format, w io.Writer, id ListID, s ListSpec) (codeWriter, error) {
	if format == SDMX {
		return newSDMXWriter(w, id, s)
	}
	return newCSVWriter(w)
}
