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
		if f.Harm() {
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
		r.add(Found(codeRestoring, restoringName))
	}
	sums, err := checksum.Compare(c.Data)
	if err != nil {
		return err
	}
	r.Summed = sums.At
	if sums.At.IsZero() {
		r.add(Found(codeNoSums, checksum.Name))
	} else if c.File != "" && !slices.Contains(sums.Files, c.name(c.File)) {
		r.add(Found(codeUnsummed, c.name(c.File)))
	}
	for _, d := range sums.Differences {
		r.add(differing(d))
	}
	if r.Restored, err = ReadMark(c.Data); err != nil {
		r.add(Found(codeMark, restoredName).Because(err))
	}
	unknown, err := c.unknown()
	r.add(unknown...)
	return err
}

func differing(d checksum.Difference) Finding {
	codes := map[checksum.Kind]Code{checksum.Changed: codeChanged, checksum.Resized: codeResized, checksum.Gone: codeGone, checksum.Unread: codeUnread, checksum.Unsound: codeUnsound}
	f := Found(codes[d.Kind], d.File)
	if d.Kind == checksum.Changed || d.Kind == checksum.Resized {
		f.Offset = d.Offset
	}
	if d.Err != nil {
		f = f.Because(d.Err)
	}
	return f
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
	logs, err := os.ReadDir(filepath.Join(c.Data, logFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.add(Found(LogCode("unread"), logFolder).Because(err))
	}
	c.orphans(logs, r)
	if c.Log == nil && len(logs) > 0 {
		r.add(Found(codeUncheckedLog, logFolder))
	}
	if c.Log == nil {
		return nil
	}
	found, err := c.Log(ctx, c.Data)
	r.add(found...)
	return err
}

// orphans names logs without their journal.
func (c Check) orphans(logs []fs.DirEntry, r *Report) {
	for _, l := range logs {
		switch {
		case r.Journal.ID == "":
			r.add(Found(codeNoJournal, evidenceFolder).With(l.Name()))
		case l.Name() != r.Journal.ID:
			r.add(Found(codeOrphan, logFolder+"/"+l.Name()))
		}
	}
}

func (c Check) database(ctx context.Context, r *Report) error {
	if c.File != "" {
		if _, err := os.Stat(c.File); err != nil {
			r.add(Found(codeNoDatabase, c.name(c.File)))
			return nil
		}
	}
	db, err := c.OpenDB(ctx)
	if err != nil {
		if c.File == "" {
			return err // another machine, which may only be away
		}
		r.add(Found(codeUnopened, c.name(c.File)).Because(err))
		return nil
	}
	defer db.Close()
	r.Engine = db.Engine()
	faults, err := db.Examine(ctx)
	if err != nil {
		faults = append(faults, sqldb.Fault{Kind: sqldb.Corrupt, Place: "database", What: err.Error()})
	}
	for _, f := range faults {
		r.add(c.faulty(f))
	}
	if len(faults) > 0 {
		return ctx.Err()
	}
	return c.contents(ctx, db, r)
}

func (c Check) faulty(f sqldb.Fault) Finding {
	codes := map[sqldb.FaultKind]Code{sqldb.Corrupt: codeCorrupt, sqldb.Dangling: codeDangling, sqldb.Unread: codeUnreadTable, sqldb.Unmade: codeUnmade, sqldb.UnknownTo: codeUnknownMade}
	return Found(codes[f.Kind], c.table(f.Place)).With(f.What)
}

// contents checks what the rows say of each other and of the journal.
func (c Check) contents(ctx context.Context, db *sqldb.DB, r *Report) error {
	if sums, err := db.Checksummed(ctx); err != nil {
		return err
	} else if c.File == "" && !sums {
		r.add(Found(codeUnsummedPages, "database"))
	}
	err := db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		r.Events, err = trail.Verify(ctx, tx)
		return err
	})
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		r.add(Found(codeTrail, c.table(e.Place)).Because(err))
	} else if err != nil {
		r.add(Found(codeTrail, c.table("trail_event")).Because(err))
	}
	if err := c.positions(ctx, db, r); err != nil {
		return err
	}
	return c.sealed(ctx, db, r)
}

// positions compares how far views have read the journal with where it ends.
func (c Check) positions(ctx context.Context, db *sqldb.DB, r *Report) error {
	return db.Snapshot(ctx, func(s *sqldb.Snapshot) error {
		if err := c.removals(ctx, s, r); err != nil {
			return err
		}
		all, err := positionsOf(ctx, s)
		for _, p := range all {
			switch {
			case slices.ContainsFunc(r.Ended, func(i Inspection) bool { return i.ID == p.journal }): // ahead of it is what is lost, as it says itself
			case p.journal != r.Journal.ID:
				r.add(Found(codeElsewhere, c.table(p.table)).With(p.journal))
			case p.at > r.Journal.Last:
				f := Found(codeAhead, c.table(p.table))
				f.Record, f.Through = r.Journal.Last+1, p.at
				r.add(f)
			}
		}
		return err
	})
}

// removals compares up to where the journal was removed with what the database says. It
// is noted there first, so an interrupted removal leaves the file behind, and the segments.
func (c Check) removals(ctx context.Context, s *sqldb.Snapshot, r *Report) error {
	all, err := removalsOf(ctx, s)
	i, known := r.Journal, uint64(0)
	for _, p := range all {
		if p.journal == i.ID {
			known = p.at
		}
	}
	switch {
	case i.ID == "":
	case i.First > known+1:
		r.add(Found(codeRemovedMore, removedName))
	case i.First < known+1 && i.Oldest > i.First:
		r.add(Found(JournalCode("removed"), removedName))
	}
	return err
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
