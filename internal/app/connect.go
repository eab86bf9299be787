package app

import (
	"context"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/telemetry"
	"simpul/internal/platform/vault"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
)

// What one room asks in its own words and another answers in different ones.

// sealer seals what belongs to the hub itself and to no agency.
type sealer struct{ vault *vault.Vault }

func (s sealer) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	return s.vault.Seal(plaintext, vault.Place{Table: table, Row: row, Column: column})
}

func (s sealer) Open(sealed []byte, table, row, column string) ([]byte, error) {
	return s.vault.Open(sealed, vault.Place{Table: table, Row: row, Column: column})
}

// catalogue gives the grant room what it asks of the catalogue.
type catalogue struct{ lids *catalog.Service }

func (c catalogue) Owner(ctx context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, grant.Contract, error) {
	owner, contract, err := c.lids.Owner(ctx, scope, address)
	if contract == nil {
		return owner, nil, err
	}
	return owner, contract, err
}

func (c catalogue) Subject(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (grant.Subject, error) {
	spec, contract, err := c.lids.Held(ctx, tx, address)
	on := grant.Subject{Provider: spec.Agency, Class: spec.Class}
	if contract != nil {
		fields, _ := choices(contract)
		on.Contract, on.Fields = contract, len(fields) > 0
	}
	return on, err
}

// metered counts every exchange whose record was sealed.
type metered struct {
	*evidence.Recorder
	metrics *telemetry.Metrics
}

func (m metered) Seal(ctx context.Context, x *simpul.Exchange) error {
	err := m.Recorder.Seal(ctx, x)
	if err == nil {
		m.metrics.Count(x)
	}
	return err
}
