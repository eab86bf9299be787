package sqldb

import (
	"context"
	"slices"
	"strconv"
)

// FaultKind is what is wrong with a database.
type FaultKind int

// The kinds.
const (
	Corrupt   FaultKind = iota // its structure contradicts itself
	Dangling                   // a row refers to one that does not exist
	Unread                     // a table cannot be read
	Unmade                     // a migration is missing
	UnknownTo                  // a migration is unknown to this version of simpul
)

// Fault is something wrong with the database itself.
type Fault struct {
	Kind  FaultKind
	Place string // a table, or the database
	What  string // in the engine's words, or which one
}

const danglingRows = `SELECT "table" || ' ' || COALESCE(rowid, 0) || ' → ' || parent FROM pragma_foreign_key_check`

// Examine reads the whole database and returns everything that the engine finds
// wrong with it, and which migrations are missing or unknown. An error means
// that there was no reading on. PostgreSQL finds damaged pages where the cluster
// has data checksums; SQLite finds what its own structure contradicts.
func (db *DB) Examine(ctx context.Context) (faults []Fault, err error) {
	if db.dialect == sqlite {
		if faults, err = db.examineSQLite(ctx); err != nil || len(faults) > 0 {
			return faults, err
		}
	}
	err = db.Snapshot(ctx, func(s *Snapshot) error {
		known, err := migrationNumbers()
		if err != nil {
			return err
		}
		faults = append(faults, unequal(known, s.Versions)...)
		for _, t := range s.Tables {
			if _, err := sumOf(ctx, s.tx, t); err != nil {
				faults = append(faults, Fault{Unread, t.Name, err.Error()})
				if db.dialect == postgres {
					return nil // the transaction is over
				}
			}
		}
		return nil
	})
	return faults, err
}

func unequal(known, made []int64) (faults []Fault) {
	for _, n := range known {
		if !slices.Contains(made, n) {
			faults = append(faults, Fault{Unmade, versionTable, strconv.FormatInt(n, 10)})
		}
	}
	for _, n := range made {
		if !slices.Contains(known, n) {
			faults = append(faults, Fault{UnknownTo, versionTable, strconv.FormatInt(n, 10)})
		}
	}
	return faults
}

func (db *DB) examineSQLite(ctx context.Context) (faults []Fault, err error) {
	said, err := scanAll[string](ctx, db.reader, `PRAGMA integrity_check`)
	if err != nil {
		return nil, err
	}
	for _, line := range said {
		if line != "ok" {
			faults = append(faults, Fault{Corrupt, "database", line})
		}
	}
	if len(faults) > 0 {
		return faults, nil
	}
	dangling, err := scanAll[string](ctx, db.reader, danglingRows)
	for _, line := range dangling {
		faults = append(faults, Fault{Dangling, "database", line})
	}
	return faults, err
}

// Engine names the engine, for people.
func (db *DB) Engine() string { return choose(db.dialect, "SQLite", "PostgreSQL") }

// Checksummed reports whether the engine itself finds a flipped byte in any page:
// a PostgreSQL cluster with data checksums does.
func (db *DB) Checksummed(ctx context.Context) (bool, error) {
	if db.dialect != postgres {
		return false, nil
	}
	said, err := scanAll[string](ctx, db.reader, `SHOW data_checksums`)
	return len(said) == 1 && said[0] == "on", err
}
