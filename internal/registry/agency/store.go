package agency

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Kinds in the revision log.
const (
	revisionAgency      = "Agency"
	revisionApplication = "Application"
	revisionKey         = "Key"
)

func putAgency(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, s Spec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(id); err != nil {
		return httpapi.Times{}, err
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO agency_agency (id, name, level, region, suspended, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, level = excluded.level, region = excluded.region,
			suspended = excluded.suspended, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		id, s.Name, s.Level, s.Region, s.Suspended, now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionAgency, string(id))
}

const agencyColumns = `id, name, level, region, suspended, created_at, updated_at`

func scanAgency(scan sqldb.Scan) (s httpapi.Stored[Spec], err error) {
	var created, updated int64
	err = scan(&s.ID, &s.Spec.Name, &s.Spec.Level, &s.Spec.Region, &s.Spec.Suspended, &created, &updated)
	s.Times = httpapi.TimesOf(created, updated)
	return s, err
}

// getAgency and listAgencies see every agency: who they are is public.
func getAgency(ctx context.Context, tx *sqldb.Tx, id string) (httpapi.Stored[Spec], error) {
	return sqldb.One(ctx, tx, scanAgency, `SELECT `+agencyColumns+` FROM agency_agency WHERE id = $1`, id)
}

func listAgencies(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanAgency,
		`SELECT `+agencyColumns+` FROM agency_agency WHERE id > $1 ORDER BY id LIMIT $2`, page.After, page.Limit)
}

func deleteAgency(ctx context.Context, tx *sqldb.Tx, id string) error {
	if err := tx.Own(simpul.AgencyID(id)); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM agency_agency WHERE id = $1`, id)
	return removed(ctx, tx, n, err, revisionAgency, id)
}

func putApplication(ctx context.Context, tx *sqldb.Tx, id simpul.ApplicationID, s ApplicationSpec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(id.Agency()); err != nil {
		return httpapi.Times{}, err
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO agency_application (id, agency, name, description, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		id, id.Agency(), s.Name, s.Description, now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionApplication, string(id))
}

const applicationColumns = `id, name, description, created_at, updated_at`

func scanApplication(scan sqldb.Scan) (s httpapi.Stored[ApplicationSpec], err error) {
	var created, updated int64
	err = scan(&s.ID, &s.Spec.Name, &s.Spec.Description, &created, &updated)
	s.Times = httpapi.TimesOf(created, updated)
	return s, err
}

func getApplication(ctx context.Context, tx *sqldb.Tx, id string) (httpapi.Stored[ApplicationSpec], error) {
	return sqldb.One(ctx, tx, scanApplication,
		`SELECT `+applicationColumns+` FROM agency_application WHERE ($1 = '*' OR agency = $1) AND id = $2`, tx.Tenant(), id)
}

func listApplications(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[ApplicationSpec], error) {
	return sqldb.All(ctx, tx, scanApplication, `SELECT `+applicationColumns+` FROM agency_application
		WHERE ($1 = '*' OR agency = $1) AND id > $2 ORDER BY id LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// deleteApplication also deletes the application's keys, which refer to it.
func deleteApplication(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM agency_application WHERE ($1 = '*' OR agency = $1) AND id = $2`, tx.Tenant(), id)
	return removed(ctx, tx, n, err, revisionApplication, id)
}

func insertKey(ctx context.Context, tx *sqldb.Tx, k Key, digest string) error {
	if err := tx.Own(k.Application.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO agency_key (id, application, agency, label, digest, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, k.Application, k.Application.Agency(), k.Label, digest, k.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionKey, k.ID)
}

func scanKey(scan sqldb.Scan) (k Key, err error) {
	var created int64
	err = scan(&k.ID, &k.Application, &k.Label, &created)
	k.CreatedAt = time.UnixMilli(created).UTC()
	return k, err
}

func listKeys(ctx context.Context, tx *sqldb.Tx, application string) ([]Key, error) {
	return sqldb.All(ctx, tx, scanKey, `SELECT id, application, label, created_at FROM agency_key
		WHERE ($1 = '*' OR agency = $1) AND application = $2 ORDER BY created_at, id`, tx.Tenant(), application)
}

func deleteKey(ctx context.Context, tx *sqldb.Tx, application, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM agency_key WHERE ($1 = '*' OR agency = $1) AND application = $2 AND id = $3`,
		tx.Tenant(), application, id)
	return removed(ctx, tx, n, err, revisionKey, id)
}

// ringEntry is a key as the keyring holds it.
type ringEntry struct {
	digest   string
	consumer simpul.Consumer
}

func scanRingEntry(scan sqldb.Scan) (e ringEntry, err error) {
	return e, scan(&e.consumer.Credential, &e.consumer.Application, &e.digest)
}

func allRingEntries(ctx context.Context, tx *sqldb.Tx) ([]ringEntry, error) {
	return sqldb.All(ctx, tx, scanRingEntry, `SELECT id, application, digest FROM agency_key`)
}

func ringEntriesOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]ringEntry, error) {
	return sqldb.All(ctx, tx, scanRingEntry, `SELECT id, application, digest FROM agency_key WHERE application = $1`, application)
}

func ringEntryOf(ctx context.Context, tx *sqldb.Tx, id string) (ringEntry, error) {
	return sqldb.One(ctx, tx, scanRingEntry, `SELECT id, application, digest FROM agency_key WHERE id = $1`, id)
}

func suspendedAgencies(ctx context.Context, tx *sqldb.Tx) ([]simpul.AgencyID, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) {
		return id, scan(&id)
	}, `SELECT id FROM agency_agency WHERE suspended`)
}

// removed ends a deletion: nothing deleted is "no such row", else the change is
// announced.
func removed(ctx context.Context, tx *sqldb.Tx, n int64, err error, kind, id string) error {
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, kind, id)
}

func scanTimes(scan sqldb.Scan) (httpapi.Times, error) {
	var created, updated int64
	err := scan(&created, &updated)
	return httpapi.TimesOf(created, updated), err
}
