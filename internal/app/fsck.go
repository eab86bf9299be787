package app

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/safety"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
)

// CheckStore reads everything of a stopped hub and changes nothing.
func CheckStore(ctx context.Context, c config.Config) (StoreReport, error) {
	return safety.Check{
		Data: c.Data, File: databaseFile(c), KeyFile: c.Vault.File, Journal: journalFiles{}, Log: checkLog(c),
		OpenDB: func(ctx context.Context) (*sqldb.DB, error) { return sqldb.Open(ctx, c.Database.URL) },
		OpenKeys: func(ctx context.Context, db *sqldb.DB) (safety.Vault, error) {
			v, err := openVault(ctx, db, c.Vault)
			return hubKeys{v}, err
		},
	}.Run(ctx)
}

// StoreFindingKinds lists everything that a check can find.
func StoreFindingKinds() []safety.Kind { return safety.Kinds() }

// checkLog derives the evidence logs again from the records of the journals, of those
// that have ended too. Hold the journal meanwhile.
func checkLog(c config.Config) safety.LogCheck {
	return func(ctx context.Context, data string) (all []safety.Finding, err error) {
		endings, _ := evidence.Endings(data) // what cannot be read is named by the check of the journal
		for _, e := range endings {
			found, err := checkLogIn(ctx, c, data, path.Join("evidence", e.Journal))
			if err != nil {
				return all, err
			}
			all = append(all, found...)
		}
		found, err := checkLogIn(ctx, c, data, "evidence")
		return append(all, found...), err
	}
}

// checkLogIn derives the log of the journal in a folder of the data folder.
func checkLogIn(ctx context.Context, c config.Config, data, at string) ([]safety.Finding, error) {
	dir := filepath.Join(data, filepath.FromSlash(at))
	found, err := evidence.InspectIn(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	folder := "log/" + found.ID.String()
	if !exists(data, folder) && !exists(dir, "blocks.list") {
		return nil, nil // of another journal, or none: what the log's folder holds was named
	}
	verifier, err := logVerifier(ctx, c, found.ID.String())
	if err != nil { // the check of the database says more; it comes later
		return []safety.Finding{safety.Found(safety.NoLogKey, folder).Because(err)}, nil
	}
	if verifier == "" {
		return []safety.Finding{safety.Found(safety.NoLogKey, folder)}, nil
	}
	report, err := ledger.Check(ctx, data, evidence.InspectedIn(dir, found), verifier)
	return misfits(report, folder, at, found), err
}

func exists(data, name string) bool {
	_, err := os.Lstat(filepath.Join(data, filepath.FromSlash(name)))
	return err == nil
}

// misfits are what a check of the log found, less the damage of segments, which the
// check of the journal names.
func misfits(r ledger.Report, folder, at string, journal evidence.Inspection) (all []safety.Finding) {
	for _, f := range r.Findings {
		if strings.HasSuffix(f.File, ".seg") {
			continue
		}
		if f.Fault() == ledger.FaultLost {
			all = append(all, lost(at, journal.Beyond(f.Through)))
			continue
		}
		one := safety.Found(safety.LogCode(string(f.Fault())), f.File)
		one.Offset, one.Record, one.Through = f.Offset, f.First, f.Through
		if f.Fault() == ledger.FaultUnread || f.Fault() == ledger.FaultJournal {
			one = one.Because(f.Err)
		}
		all = append(all, one)
	}
	for _, name := range r.Leftovers {
		all = append(all, safety.Found(safety.LogLeftover, folder+"/"+name))
	}
	return all
}

// lost names the file of the journal whose records the log has and the journal has not.
func lost(at string, d *evidence.DamageError) safety.Finding {
	f := damaged(d)
	f.Code, f.Place = safety.LogCode(string(ledger.FaultLost)), path.Join(at, d.File)
	return f
}

// logVerifier is the public key of a journal's log, as the database has it.
func logVerifier(ctx context.Context, c config.Config, journal string) (string, error) {
	if file := databaseFile(c); file != "" {
		if _, err := os.Stat(file); err != nil {
			return "", err // and opening would make one
		}
	}
	db, err := sqldb.Open(ctx, c.Database.URL)
	if err != nil {
		return "", err
	}
	defer db.Close()
	return ledger.NewKeys(db, nil, clock.System).Verifier(ctx, journal)
}

func (journalFiles) Inspect(ctx context.Context, data string) (safety.Inspection, error) {
	i, err := evidence.Inspect(ctx, data, nil)
	return inspected(i), err
}

func inspected(i evidence.Inspection) safety.Inspection {
	s := safety.Inspection{ID: i.ID.String(), First: i.First, Oldest: i.Oldest, Last: i.Last, Records: i.Records, Segments: i.Segments, Torn: i.Torn != nil}
	if i.Segments == 0 {
		s.ID = ""
	}
	for _, d := range i.Damage {
		s.Findings = append(s.Findings, damaged(d))
	}
	if i.Torn != nil {
		f := safety.Found(safety.TornJournal, i.Torn.File)
		f.Offset, f.Record = i.Torn.Offset, i.Torn.Sequence
		s.Findings = append(s.Findings, f)
	}
	return s
}

func damaged(d *evidence.DamageError) safety.Finding {
	f := safety.Found(safety.JournalCode(string(d.Fault())), d.File)
	f.Offset, f.Record, f.Through = d.Offset, d.Sequence, d.Through
	switch {
	case d.Fault() == evidence.FaultUnread:
		f = f.Because(d.Err)
	case d.Other != "":
		f = f.With(d.Other)
	}
	return f
}
