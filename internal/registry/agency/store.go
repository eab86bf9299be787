package agency

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
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
	revisionUnit        = "Unit"
)

func putAgency(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, s Spec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(id); err != nil {
		return httpapi.Times{}, err
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO agency_agency (id, name, level, region, suspended, parent, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, level = excluded.level, region = excluded.region,
			suspended = excluded.suspended, parent = excluded.parent, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		id, s.Name, s.Level, s.Region, s.Suspended, s.Parent, now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionAgency, string(id))
}

const agencyColumns = `id, name, level, region, suspended, parent, created_at, updated_at`

func scanAgency(scan sqldb.Scan) (s httpapi.Stored[Spec], err error) {
	var created, updated int64
	err = scan(&s.ID, &s.Spec.Name, &s.Spec.Level, &s.Spec.Region, &s.Spec.Suspended, &s.Spec.Parent, &created, &updated)
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

func childrenOf(ctx context.Context, tx *sqldb.Tx, parent string) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanAgency, `SELECT `+agencyColumns+` FROM agency_agency WHERE parent = $1 AND parent <> '' ORDER BY id`, parent)
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
	addresses, err := json.Marshal(append([]string{}, s.Addresses...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode addresses: %w", err)
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO agency_application (id, agency, name, description, unit, addresses, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, unit = excluded.unit,
			addresses = excluded.addresses, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		id, id.Agency(), s.Name, s.Description, s.Unit, string(addresses), now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionApplication, string(id))
}

const applicationColumns = `id, name, description, unit, addresses, created_at, updated_at`

func scanApplication(scan sqldb.Scan) (s httpapi.Stored[ApplicationSpec], err error) {
	var created, updated int64
	var addresses string
	if err := scan(&s.ID, &s.Spec.Name, &s.Spec.Description, &s.Spec.Unit, &addresses, &created, &updated); err != nil {
		return s, err
	}
	s.Times = httpapi.TimesOf(created, updated)
	s.Spec.Addresses, err = readAddresses(addresses)
	return s, err
}

// readAddresses gives nil for an empty list, as it was before it was stored.
func readAddresses(stored string) (list []string, err error) {
	if err := json.Unmarshal([]byte(stored), &list); err != nil {
		return nil, fmt.Errorf("decode addresses: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, nil
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
	_, err := tx.Exec(ctx, `INSERT INTO agency_key (id, application, agency, label, digest, replaces, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.ID, k.Application, k.Application.Agency(), k.Label, digest, k.Replaces, k.CreatedAt.UnixMilli(), orZero(k.ExpiresAt))
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionKey, k.ID)
}

const keyColumns = `id, application, label, replaces, created_at, expires_at, used_day`

func scanKey(scan sqldb.Scan) (k Key, err error) {
	var created, expires, used int64
	err = scan(&k.ID, &k.Application, &k.Label, &k.Replaces, &created, &expires, &used)
	k.CreatedAt, k.ExpiresAt, k.UsedOn = time.UnixMilli(created).UTC(), instant(expires), instant(used)
	return k, err
}

// orZero stores the zero time as 0.
func orZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reads what orZero stores.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func listKeys(ctx context.Context, tx *sqldb.Tx, application string) ([]Key, error) {
	return sqldb.All(ctx, tx, scanKey, `SELECT `+keyColumns+` FROM agency_key
		WHERE ($1 = '*' OR agency = $1) AND application = $2 ORDER BY created_at, id`, tx.Tenant(), application)
}

func getKey(ctx context.Context, tx *sqldb.Tx, application, id string) (Key, error) {
	return sqldb.One(ctx, tx, scanKey, `SELECT `+keyColumns+` FROM agency_key
		WHERE ($1 = '*' OR agency = $1) AND application = $2 AND id = $3`, tx.Tenant(), application, id)
}

// keyByDigest and expiringKeys are the hub's own: they see every tenant.
func keyByDigest(ctx context.Context, tx *sqldb.Tx, digest string) (Key, error) {
	return sqldb.One(ctx, tx, scanKey, `SELECT `+keyColumns+` FROM agency_key WHERE digest = $1`, digest)
}

func expiringKeys(ctx context.Context, tx *sqldb.Tx, after, until time.Time) ([]Key, error) {
	return sqldb.All(ctx, tx, scanKey, `SELECT `+keyColumns+` FROM agency_key WHERE expires_at > $1 AND expires_at <= $2 ORDER BY expires_at, id`,
		after.UnixMilli(), until.UnixMilli())
}

// shortenKey gives a key an end, unless it ends before.
func shortenKey(ctx context.Context, tx *sqldb.Tx, id string, end time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE agency_key SET expires_at = $1
		WHERE ($2 = '*' OR agency = $2) AND id = $3 AND (expires_at = 0 OR expires_at > $1)`, end.UnixMilli(), tx.Tenant(), id)
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionKey, id)
}

func storeUse(ctx context.Context, tx *sqldb.Tx, days map[string]int64) error {
	for _, id := range slices.Sorted(maps.Keys(days)) { // in one order, so that two processes do not wait for each other
		if _, err := tx.Exec(ctx, `UPDATE agency_key SET used_day = $1 WHERE id = $2 AND used_day < $1`, days[id], id); err != nil {
			return err
		}
	}
	return nil
}

func deleteKey(ctx context.Context, tx *sqldb.Tx, application, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM agency_key WHERE ($1 = '*' OR agency = $1) AND application = $2 AND id = $3`,
		tx.Tenant(), application, id)
	return removed(ctx, tx, n, err, revisionKey, id)
}

// ringEntry is a key as the keyring holds it.
type ringEntry struct {
	id, digest  string
	application simpul.ApplicationID
	expires     time.Time
}

const ringColumns = `id, application, digest, expires_at`

func scanRingEntry(scan sqldb.Scan) (e ringEntry, err error) {
	var expires int64
	err = scan(&e.id, &e.application, &e.digest, &expires)
	e.expires = instant(expires)
	return e, err
}

func allRingEntries(ctx context.Context, tx *sqldb.Tx) ([]ringEntry, error) {
	return sqldb.All(ctx, tx, scanRingEntry, `SELECT `+ringColumns+` FROM agency_key`)
}

func ringEntriesOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]ringEntry, error) {
	return sqldb.All(ctx, tx, scanRingEntry, `SELECT `+ringColumns+` FROM agency_key WHERE application = $1`, application)
}

func ringEntryOf(ctx context.Context, tx *sqldb.Tx, id string) (ringEntry, error) {
	return sqldb.One(ctx, tx, scanRingEntry, `SELECT `+ringColumns+` FROM agency_key WHERE id = $1`, id)
}

// listed is an application that has an allow-list of its own.
type listed struct {
	application simpul.ApplicationID
	networks    []netip.Prefix
}

func scanListed(scan sqldb.Scan) (l listed, err error) {
	var addresses string
	if err := scan(&l.application, &addresses); err != nil {
		return l, err
	}
	l.networks, err = readNetworks(addresses)
	return l, err
}

func readNetworks(stored string) ([]netip.Prefix, error) {
	list, err := readAddresses(stored)
	if err != nil {
		return nil, err
	}
	return ParseNetworks(list)
}

func listedApplications(ctx context.Context, tx *sqldb.Tx) ([]listed, error) {
	return sqldb.All(ctx, tx, scanListed, `SELECT id, addresses FROM agency_application WHERE addresses <> '[]'`)
}

func networksOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]netip.Prefix, error) {
	l, err := sqldb.One(ctx, tx, scanListed, `SELECT id, addresses FROM agency_application WHERE id = $1`, application)
	return l.networks, err
}

func putAllowlist(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, list []string, now time.Time) error {
	if err := tx.Own(id); err != nil {
		return err
	}
	addresses, err := json.Marshal(append([]string{}, list...))
	if err != nil {
		return fmt.Errorf("encode addresses: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO agency_allowlist (agency, addresses, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (agency) DO UPDATE SET addresses = excluded.addresses, updated_at = excluded.updated_at`, id, string(addresses), now.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionAgency, string(id))
}

func getAllowlist(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID) ([]string, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) ([]string, error) {
		var addresses string
		if err := scan(&addresses); err != nil {
			return nil, err
		}
		return readAddresses(addresses)
	}, `SELECT addresses FROM agency_allowlist WHERE ($1 = '*' OR agency = $1) AND agency = $2`, tx.Tenant(), id)
}

func allowlists(ctx context.Context, tx *sqldb.Tx) (map[simpul.AgencyID][]netip.Prefix, error) {
	all := map[simpul.AgencyID][]netip.Prefix{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) (err error) {
		var id simpul.AgencyID
		var addresses string
		if err := scan(&id, &addresses); err != nil {
			return err
		}
		all[id], err = readNetworks(addresses)
		return err
	}, `SELECT agency, addresses FROM agency_allowlist WHERE addresses <> '[]'`)
	return all, err
}

func standings(ctx context.Context, tx *sqldb.Tx) (map[simpul.AgencyID]Standing, error) {
	all := map[simpul.AgencyID]Standing{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var id simpul.AgencyID
		var standing Standing
		err := scan(&id, &standing)
		all[id] = standing
		return err
	}, `SELECT agency, standing FROM agency_standing WHERE standing <> 'operational'`)
	return all, err
}

// beginStanding makes a new agency one that is admitted and no more.
func beginStanding(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID) error {
	if err := tx.Own(id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO agency_standing (agency, standing) VALUES ($1, $2)`, id, Admitted)
	return err
}

func putApproval(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, a Approval) error {
	_, err := tx.Exec(ctx, `INSERT INTO agency_standing (agency, standing, letter_number, letter_date, decided_by, decided_at, suspended_reason, suspended_by, suspended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (agency) DO UPDATE SET standing = excluded.standing, letter_number = excluded.letter_number, letter_date = excluded.letter_date,
			decided_by = excluded.decided_by, decided_at = excluded.decided_at, suspended_reason = excluded.suspended_reason,
			suspended_by = excluded.suspended_by, suspended_at = excluded.suspended_at`,
		id, a.Standing, a.LetterNumber, a.LetterDate, a.DecidedBy, orZero(a.DecidedAt), a.Suspension.Reason, a.Suspension.By, orZero(a.Suspension.Since))
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionAgency, string(id))
}

func scanApproval(scan sqldb.Scan) (a Approval, err error) {
	var decided, since int64
	err = scan(&a.Standing, &a.LetterNumber, &a.LetterDate, &a.DecidedBy, &decided, &a.Suspension.Reason, &a.Suspension.By, &since)
	a.DecidedAt, a.Suspension.Since = instant(decided), instant(since)
	return a, err
}

func getApproval(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID) (Approval, error) {
	return sqldb.One(ctx, tx, scanApproval, `SELECT standing, letter_number, letter_date, decided_by, decided_at, suspended_reason, suspended_by, suspended_at
		FROM agency_standing WHERE ($1 = '*' OR agency = $1) AND agency = $2`, tx.Tenant(), id)
}

func setSuspended(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, suspended bool) error {
	n, err := tx.Exec(ctx, `UPDATE agency_agency SET suspended = $1 WHERE ($2 = '*' OR id = $2) AND id = $3`, suspended, tx.Tenant(), id)
	return removed(ctx, tx, n, err, revisionAgency, string(id))
}

func putUnit(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, u Unit, now time.Time) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO agency_unit (agency, id, name, parent, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (agency, id) DO UPDATE SET name = excluded.name, parent = excluded.parent, updated_at = excluded.updated_at`,
		agency, u.ID, u.Name, u.Parent, now.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionUnit, string(agency)+"/"+u.ID)
}

func listUnits(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]Unit, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (u Unit, err error) {
		return u, scan(&u.ID, &u.Name, &u.Parent)
	}, `SELECT id, name, parent FROM agency_unit WHERE ($1 = '*' OR agency = $1) AND agency = $2 ORDER BY id`, tx.Tenant(), agency)
}

func deleteUnit(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM agency_unit WHERE ($1 = '*' OR agency = $1) AND agency = $2 AND id = $3`, tx.Tenant(), agency, id)
	return removed(ctx, tx, n, err, revisionUnit, string(agency)+"/"+id)
}

// holdUnits lets one change of an agency's tree wait for another.
func holdUnits(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) error {
	n, err := tx.Exec(ctx, `UPDATE agency_agency SET updated_at = updated_at WHERE ($1 = '*' OR id = $1) AND id = $2`, tx.Tenant(), agency)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// unitInUse reports whether an application or another unit names the unit.
func unitInUse(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, id string) (bool, error) {
	n, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT (SELECT COUNT(*) FROM agency_application WHERE agency = $1 AND unit = $2) + (SELECT COUNT(*) FROM agency_unit WHERE agency = $1 AND parent = $2)`,
		agency, id)
	return n > 0, err
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
