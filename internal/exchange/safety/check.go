package safety

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/checksum"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Check reads everything that a stopped hub has.
type Check struct {
	Data     string // folder
	File     string // of a SQLite database, absolute; empty for PostgreSQL
	OpenDB   func(ctx context.Context) (*sqldb.DB, error)
	Journal  Journal
	KeyFile  string // of the vault, absolute
	OpenKeys func(ctx context.Context, db *sqldb.DB) (Vault, error)
	Log      LogCheck // nil: the log is not checked, and that is said
}

// Report is what a check found.
type Report struct {
	Findings []Finding
	Journal  Inspection
	Ended    []Inspection // journals that this one goes on for
	Engine   string
	Events   int64     // of the audit trail, whose chain was followed
	Sealed   int       // values that were opened
	Summed   time.Time // when the hub stopped in order and wrote checksums; zero: it did not
	Restored *Mark     // the store was restored once
}

// Clean reports whether nothing is damaged or lost.
func (r Report) Clean() bool {
	for _, f := range r.Findings {
		if f.Harm {
			return false
		}
	}
	return true
}

func (r *Report) add(all ...Finding) { r.Findings = append(r.Findings, all...) }

// Run checks, and goes on behind whatever it finds. An error means that there was
// no checking: above all that a hub is running on the folder.
func (c Check) Run(ctx context.Context) (Report, error) {
	var r Report
	if _, err := os.Stat(c.Data); err != nil {
		return r, noStore(c.Data, err)
	}
	held, err := c.Journal.Hold(c.Data)
	if err != nil {
		return r, err
	}
	defer held.Close()
	if err := c.files(&r); err != nil {
		return r, err
	}
	if err := c.journal(ctx, &r); err != nil {
		return r, err
	}
	if err := c.log(ctx, &r); err != nil {
		return r, err
	}
	return r, c.database(ctx, &r)
}

// files compares what the hub summed when it stopped, before anything opens it,
// and names what nobody knows.
func (c Check) files(r *Report) error {
	if Interrupted(c.Data) {
		r.add(harm(restoringName, "Pemulihan ke folder ini terhenti; isinya tidak lengkap.", "Restoring into this folder was interrupted; it is not whole."))
	}
	sums, err := checksum.Compare(c.Data)
	if err != nil {
		return err
	}
	r.Summed = sums.At
	if sums.At.IsZero() {
		r.add(remark(checksum.Name, "Tidak ada jumlah periksa: hub mati mendadak, atau basis data dibuka sesudah hub berhenti. Bita yang berubah di dalam sebuah teks basis data tidak ditemukan.", "There are no checksums: the hub went down, or the database was opened after it stopped. A byte that changed within a text of the database is not found."))
	} else if c.File != "" && !slices.Contains(sums.Files, c.name(c.File)) {
		r.add(remark(c.name(c.File), "Berkas ini terlalu besar untuk dijumlah ketika hub berhenti, atau berada di luar folder data: bita yang berubah di dalam sebuah teks tidak ditemukan.", "This file was too large to be summed when the hub stopped, or is outside of the data folder: a byte that changed within a text is not found."))
	}
	for _, d := range sums.Differences {
		f := harm(d.File, "Isi berkas berubah sejak hub berhenti (%s).", "The file's contents have changed since the hub stopped (%s).", d.What)
		f.Offset = d.Offset
		r.add(f)
	}
	if r.Restored, err = ReadMark(c.Data); err != nil {
		r.add(harm(restoredName, "Tanda pemulihan tidak terbaca: %v.", "The mark of restoring cannot be read: %v.", err))
	}
	unknown, err := c.unknown()
	r.add(unknown...)
	return err
}

func (c Check) journal(ctx context.Context, r *Report) (err error) {
	if r.Journal, err = c.Journal.Inspect(ctx, c.Data); err != nil {
		return err
	}
	if r.Ended, err = c.Journal.InspectEnded(ctx, c.Data); err != nil {
		return err
	}
	for _, i := range append([]Inspection{r.Journal}, r.Ended...) {
		for _, f := range i.Findings {
			f.Place = evidenceFolder + "/" + f.Place
			r.add(f)
		}
	}
	return nil
}

func (c Check) log(ctx context.Context, r *Report) error {
	if _, err := os.Stat(filepath.Join(c.Data, logFolder)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if c.Log == nil {
		r.add(remark(logFolder, "Log transparansi ada, tetapi program ini tidak memeriksanya.", "There is a transparency log, and this program does not check it."))
		return nil
	}
	found, err := c.Log(ctx, c.Data)
	r.add(found...)
	return err
}

func (c Check) database(ctx context.Context, r *Report) error {
	if c.File != "" {
		if _, err := os.Stat(c.File); err != nil {
			r.add(harm(c.name(c.File), "Berkas basis data tidak ada.", "The database file is missing."))
			return nil
		}
	}
	db, err := c.OpenDB(ctx)
	if err != nil {
		if c.File == "" {
			return err // another machine, which may only be away
		}
		r.add(harm(c.name(c.File), "Basis data tidak dapat dibuka: %v.", "The database cannot be opened: %v.", err))
		return nil
	}
	defer db.Close()
	r.Engine = db.Engine()
	faults, err := db.Examine(ctx)
	if err != nil {
		faults = append(faults, sqldb.Fault{Place: "database", What: err.Error()})
	}
	for _, f := range faults {
		r.add(harm(c.table(f.Place), "Basis data: %s.", "Database: %s.", f.What))
	}
	if len(faults) > 0 {
		return ctx.Err()
	}
	return c.contents(ctx, db, r)
}

// contents checks what the rows say of each other and of the journal.
func (c Check) contents(ctx context.Context, db *sqldb.DB, r *Report) error {
	if sums, err := db.Checksummed(ctx); err != nil {
		return err
	} else if c.File == "" && !sums {
		r.add(remark("database", "Klaster PostgreSQL ini tanpa data checksums: bita yang berubah di dalam sebuah baris tidak ditemukan.", "This PostgreSQL cluster has no data checksums: a byte that changed within a row is not found."))
	}
	err := db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		r.Events, err = trail.Verify(ctx, tx)
		return err
	})
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		r.add(Finding{Place: c.table(e.Place), Offset: -1, Harm: true, Message: e.Message})
	} else if err != nil {
		r.add(harm(c.table("trail_event"), "Jejak audit tidak terbaca: %v.", "The audit trail cannot be read: %v.", err))
	}
	if err := c.positions(ctx, db, r); err != nil {
		return err
	}
	return c.sealed(ctx, db, r)
}

// positions compares how far views have read the journal with where it ends.
func (c Check) positions(ctx context.Context, db *sqldb.DB, r *Report) error {
	return db.Snapshot(ctx, func(s *sqldb.Snapshot) error {
		all, err := positionsOf(ctx, s)
		for _, p := range all {
			switch {
			case slices.ContainsFunc(r.Ended, func(i Inspection) bool { return i.ID == p.journal }): // ahead of it is what is lost, as it says itself
			case p.journal != r.Journal.ID:
				r.add(remark(c.table(p.table), "Memuat posisi jurnal %s, yang tidak ada di folder ini (gerbang lain, atau jurnal yang hilang).", "Holds the position of journal %s, which is not in this folder (another gateway, or a journal that is lost).", p.journal))
			case p.at > r.Journal.Last:
				f := harm(c.table(p.table), "Sudah membaca jurnal sampai catatan %d, padahal jurnal berakhir pada %d: catatan di antaranya hilang.", "Has read the journal up to record %d, and the journal ends at %d: the records between are lost.", p.at, r.Journal.Last)
				f.Record = r.Journal.Last + 1
				r.add(f)
			}
		}
		return err
	})
}

// name is a file as findings name it: below the data folder, where it is there.
func (c Check) name(path string) string {
	if rel, err := filepath.Rel(c.Data, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// table is a part of the database as findings name it.
func (c Check) table(name string) string {
	if c.File == "" {
		return fmt.Sprintf("database (%s)", name)
	}
	return fmt.Sprintf("%s (%s)", c.name(c.File), name)
}

func noStore(data string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeNotFound, Place: data, Err: cause,
		Message: simpul.Text{ID: "Folder data ini tidak ada.", EN: "There is no such data folder."},
		Remedy:  simpul.Text{ID: "Sebutkan folder data hub dengan --data.", EN: "Name the hub's data folder with --data."},
	}
}
