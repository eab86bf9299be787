package feasibility

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// revisionTest names reports and waivers of an address in the revision log.
const revisionTest = "Feasibility"

// insertReport is the only statement that writes reports: none is changed.
func insertReport(ctx context.Context, tx *sqldb.Tx, r Report) error {
	if err := tx.Own(r.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO feasibility_report (id, address, agency, digest, outcome, asked_by, document, started_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Address, r.Agency, r.Digest, r.Outcome, r.By, string(document), r.Started.UnixMilli(), r.Ended.UnixMilli())
	return err
}

// readReport reads a stored report.
func readReport(document []byte) (r Report, err error) {
	if err := json.Unmarshal(document, &r); err != nil {
		return Report{}, fmt.Errorf("decode report: %w", err)
	}
	return r, nil
}

func getReport(ctx context.Context, tx *sqldb.Tx, address simpul.Address, id string) (Report, error) {
	document, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (text string, err error) {
		return text, scan(&text)
	}, `SELECT document FROM feasibility_report WHERE ($1 = '*' OR agency = $1) AND address = $2 AND id = $3`, tx.Tenant(), address, id)
	if err != nil {
		return Report{}, err
	}
	return readReport([]byte(document))
}

// history lists the last reports on an address, newest first.
func history(ctx context.Context, tx *sqldb.Tx, address simpul.Address, limit int) ([]Entry, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (e Entry, err error) {
		var ended int64
		err = scan(&e.ID, &e.Digest, &e.Outcome, &e.By, &ended)
		e.Ended = timeOf(ended)
		return e, err
	}, `SELECT id, digest, outcome, asked_by, ended_at FROM feasibility_report
		WHERE ($1 = '*' OR agency = $1) AND address = $2 ORDER BY ended_at DESC, id DESC LIMIT $3`, tx.Tenant(), address, limit)
}

// lastOf returns how the last test of a subject ended, and when.
func lastOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address, digest string) (outcome Outcome, ended time.Time, err error) {
	ended, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (time.Time, error) {
		var at int64
		err := scan(&outcome, &at)
		return timeOf(at), err
	}, `SELECT outcome, ended_at FROM feasibility_report
		WHERE ($1 = '*' OR agency = $1) AND address = $2 AND digest = $3 ORDER BY ended_at DESC, id DESC LIMIT 1`, tx.Tenant(), address, digest)
	return outcome, ended, err
}

// lastReport returns the last report of a subject.
func lastReport(ctx context.Context, tx *sqldb.Tx, address simpul.Address, digest string) (Report, error) {
	id, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (id string, err error) { return id, scan(&id) },
		`SELECT id FROM feasibility_report WHERE ($1 = '*' OR agency = $1) AND address = $2 AND digest = $3 ORDER BY ended_at DESC, id DESC LIMIT 1`,
		tx.Tenant(), address, digest)
	if err != nil {
		return Report{}, err
	}
	return getReport(ctx, tx, address, id)
}

func insertWaiver(ctx context.Context, tx *sqldb.Tx, w Waiver) error {
	if err := tx.Own(w.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO feasibility_waiver (address, digest, agency, principal, reason, waived_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		w.Address, w.Digest, w.Agency, w.By, w.Reason, w.At.UnixMilli())
	return err
}

func waiverOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address, digest string) (Waiver, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (w Waiver, err error) {
		var at int64
		err = scan(&w.Address, &w.Digest, &w.Agency, &w.By, &w.Reason, &at)
		w.At = timeOf(at)
		return w, err
	}, `SELECT address, digest, agency, principal, reason, waived_at FROM feasibility_waiver
		WHERE ($1 = '*' OR agency = $1) AND address = $2 AND digest = $3`, tx.Tenant(), address, digest)
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
