package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// addPlan stores a plan, unless the same contract is planned already.
func addPlan(ctx context.Context, tx *sqldb.Tx, p Plan) error {
	if err := tx.Own(p.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(p.Spec)
	if err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalog_plan (address, contract, agency, author, at, version, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (address, contract) DO NOTHING`,
		p.Address, p.Contract, p.Agency, p.Author, p.At.UnixMilli(), p.Version, string(document))
	return err
}

// askConsent asks an agency, unless it was asked already.
func askConsent(ctx context.Context, tx *sqldb.Tx, p Plan, agency simpul.AgencyID) error {
	_, err := tx.Exec(ctx, `INSERT INTO catalog_consent (address, contract, agency, provider, verdict, reason, author, at)
		VALUES ($1, $2, $3, $4, 'asked', '', '', 0) ON CONFLICT (address, contract, agency) DO NOTHING`, p.Address, p.Contract, agency, p.Agency)
	return err
}

// getPlan sees the plans of the scope, and those of which it was asked.
func getPlan(ctx context.Context, tx *sqldb.Tx, address, contract string) (Plan, error) {
	return sqldb.One(ctx, tx, scanPlan, `SELECT address, contract, agency, author, at, version, document FROM catalog_plan
		WHERE ($1 = '*' OR agency = $1 OR EXISTS (SELECT 1 FROM catalog_consent c
			WHERE c.address = catalog_plan.address AND c.contract = catalog_plan.contract AND c.agency = $1)) AND address = $2 AND contract = $3`,
		tx.Tenant(), address, contract)
}

func scanPlan(scan sqldb.Scan) (p Plan, err error) {
	var at int64
	var document string
	if err := scan(&p.Address, &p.Contract, &p.Agency, &p.Author, &at, &p.Version, &document); err != nil {
		return p, err
	}
	p.At = time.UnixMilli(at).UTC()
	if err := json.Unmarshal([]byte(document), &p.Spec); err != nil {
		return p, fmt.Errorf("decode plan of %s: %w", p.Address, err)
	}
	return p, nil
}

// listConsents lists answers to the scope's own plan, and the scope's own answer.
func listConsents(ctx context.Context, tx *sqldb.Tx, address, contract string) ([]Consent, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (c Consent, err error) {
		var at int64
		err = scan(&c.Agency, &c.Verdict, &c.Reason, &at)
		if at > 0 {
			c.At = time.UnixMilli(at).UTC()
		}
		return c, err
	}, `SELECT agency, verdict, reason, at FROM catalog_consent
		WHERE ($1 = '*' OR agency = $1 OR provider = $1) AND address = $2 AND contract = $3 ORDER BY agency`, tx.Tenant(), address, contract)
}

// answerPlan keeps what an agency that was asked says; one that was not is no
// such row.
func answerPlan(ctx context.Context, tx *sqldb.Tx, p Plan, c Consent, author string) error {
	if err := tx.Own(c.Agency); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE catalog_consent SET verdict = $1, reason = $2, author = $3, at = $4
		WHERE agency = $5 AND address = $6 AND contract = $7`, c.Verdict, c.Reason, author, c.At.UnixMilli(), c.Agency, p.Address, p.Contract)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}
