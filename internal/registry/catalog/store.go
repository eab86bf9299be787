package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const revisionLID = "LID"

// holdAddress takes the address for the agency, or finds that the agency holds
// it already, and tells whether a LID at it has retired. An address that another
// agency holds is "no such row", or outside the scope where the engine says so.
func holdAddress(ctx context.Context, tx *sqldb.Tx, address simpul.Address, agency simpul.AgencyID, retires bool) (retired bool, err error) {
	if err := tx.Own(agency); err != nil {
		return false, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (retired bool, err error) {
		return retired, scan(&retired)
	}, `INSERT INTO catalog_address (address, agency, retired) VALUES ($1, $2, $3)
		ON CONFLICT (address) DO UPDATE SET retired = (catalog_address.retired OR excluded.retired)
		WHERE catalog_address.agency = excluded.agency
		RETURNING retired`, address, agency, retires)
}

// lockAddress makes whoever changes a LID at the address wait for the end of the
// transaction: holdAddress, with which they begin, locks the same row.
func lockAddress(ctx context.Context, tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(ctx, `UPDATE catalog_address SET retired = retired WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
	return err
}

// storeLID writes the row of a LID; whoever calls it revises. On PostgreSQL it
// waits for whoever is referring to the LID, such as a grant that is being given,
// because it may change a unique column: what comes after it sees that grant.
func storeLID(ctx context.Context, tx *sqldb.Tx, address simpul.Address, s Spec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(s.Agency); err != nil {
		return httpapi.Times{}, err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode LID: %w", err)
	}
	times, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (httpapi.Times, error) {
		var created, updated int64
		err := scan(&created, &updated)
		return httpapi.TimesOf(created, updated), err
	}, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (address) DO UPDATE SET class = excluded.class, state = excluded.state, title = excluded.title,
			legacy = excluded.legacy, document = excluded.document, updated_at = excluded.updated_at
		WHERE catalog_lid.agency = excluded.agency
		RETURNING created_at, updated_at`,
		address, s.Agency, s.Class, s.State.column(), s.Title, orNull(s.legacyKey()), string(document), now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, legacyFree(ctx, tx, s.legacyKey(), address)
}

// column is the state as SQL sees it: one that is deprecated is seen and called
// as one that is published, also by a program that knows no more states.
func (s State) column() State {
	if s == Deprecated {
		return Published
	}
	return s
}

// orNull is how a column holds an absent text that must be unique.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// legacyFree refuses an older call address that names an earlier version of
// another LID.
func legacyFree(ctx context.Context, tx *sqldb.Tx, key string, address simpul.Address) error {
	if key == "" {
		return nil
	}
	n, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM catalog_version WHERE ($1 = '*' OR agency = $1) AND legacy = $2 AND address <> $3`, tx.Tenant(), key, address)
	if err == nil && n > 0 {
		return sqldb.ErrDuplicate
	}
	return err
}

// keepVersion keeps what was live as an earlier version, with the older call
// address that names it.
func keepVersion(ctx context.Context, tx *sqldb.Tx, address simpul.Address, s Spec, since, sunset time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode version: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalog_version (address, major, agency, legacy, document, since, sunset) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		address, simpul.Major(s.Version), s.Agency, orNull(s.legacyKey()), string(document), since.UnixMilli(), sunset.UnixMilli())
	return err
}

const versionColumns = `address, major, COALESCE(legacy, ''), document, since, sunset`

func scanVersion(scan sqldb.Scan) (k kept, err error) {
	var since, sunset int64
	err = scan(&k.address, &k.major, &k.legacy, &k.document, &since, &sunset)
	k.since, k.sunset = time.UnixMilli(since).UTC(), time.UnixMilli(sunset).UTC()
	return k, err
}

// versionsOf lists the earlier versions of a LID that the scope covers, newest
// first.
func versionsOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]kept, error) {
	all, err := sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM catalog_version
		WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
	return newestFirst(all), err
}

// everyVersion lists those of all LIDs, newest first, for the nation.
func everyVersion(ctx context.Context, tx *sqldb.Tx) ([]kept, error) {
	all, err := sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM catalog_version WHERE $1 = '*'`, tx.Tenant())
	return newestFirst(all), err
}

func moveSunset(ctx context.Context, tx *sqldb.Tx, address simpul.Address, major string, sunset time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE catalog_version SET sunset = $1 WHERE ($2 = '*' OR agency = $2) AND address = $3 AND major = $4`,
		sunset.UnixMilli(), tx.Tenant(), address, major)
	return err
}

// markEnd notes what follows a LID. One that retires as a draft stays unseen.
func markEnd(ctx context.Context, tx *sqldb.Tx, t turn) error {
	if t.spec.State != Retired {
		_, err := tx.Exec(ctx, `UPDATE catalog_address SET successor = $1 WHERE ($2 = '*' OR agency = $2) AND address = $3`,
			t.spec.successor(), tx.Tenant(), t.address)
		return err
	}
	unseen := t.before == nil || t.before.State == Draft
	_, err := tx.Exec(ctx, `UPDATE catalog_address SET successor = $1, unseen = (unseen OR $2),
		retired_at = CASE WHEN retired_at = 0 THEN $3 ELSE retired_at END
		WHERE ($4 = '*' OR agency = $4) AND address = $5`, t.spec.successor(), unseen, t.now.UnixMilli(), tx.Tenant(), t.address)
	return err
}

// successorOf is what follows a LID, whose ever it is: that is public.
func successorOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (next simpul.Address, err error) {
	next, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (next simpul.Address, err error) { return next, scan(&next) },
		`SELECT successor FROM catalog_address WHERE address = $1 AND successor <> ''`, address)
	_, err = sqldb.Exists(next, err)
	return next, err
}

const goneColumns = `a.address, a.agency, a.successor, a.retired_at, COALESCE(l.legacy, '')
	FROM catalog_address a LEFT JOIN catalog_lid l ON l.address = a.address WHERE a.retired AND NOT a.unseen`

func scanGone(scan sqldb.Scan) (g gone, err error) {
	return g, scan(&g.address, &g.agency, &g.successor, &g.retired, &g.legacy)
}

// everyGone lists the LIDs that are retired, as everybody may know of them.
func everyGone(ctx context.Context, tx *sqldb.Tx) ([]gone, error) {
	return sqldb.All(ctx, tx, scanGone, `SELECT `+goneColumns)
}

func goneLID(ctx context.Context, tx *sqldb.Tx, address string) (gone, error) {
	return sqldb.One(ctx, tx, scanGone, `SELECT `+goneColumns+` AND a.address = $1`, address)
}

const lidColumns = `address, document, created_at, updated_at`

// row is a stored LID whose document nobody has read yet.
type row struct {
	address          string
	document         string
	created, updated int64
}

func scanRow(scan sqldb.Scan) (r row, err error) {
	return r, scan(&r.address, &r.document, &r.created, &r.updated)
}

func (r row) stored() (httpapi.Stored[Spec], error) {
	s := httpapi.Stored[Spec]{ID: r.address, Times: httpapi.Times{CreatedAt: time.UnixMilli(r.created).UTC(), UpdatedAt: time.UnixMilli(r.updated).UTC()}}
	if err := json.Unmarshal([]byte(r.document), &s.Spec); err != nil {
		return s, fmt.Errorf("decode LID %s: %w", r.address, err)
	}
	return s, nil
}

func scanLID(scan sqldb.Scan) (httpapi.Stored[Spec], error) {
	r, err := scanRow(scan)
	if err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	return r.stored()
}

// getLID sees what is published and what the scope covers.
func getLID(ctx context.Context, tx *sqldb.Tx, address string) (httpapi.Stored[Spec], error) {
	return sqldb.One(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address = $2`, tx.Tenant(), address)
}

// seenRow is what getLID reads.
func seenRow(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address = $2`, tx.Tenant(), address)
}

func ownRow(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
}

// present is a LID as it is stored; without a spec there is none.
type present struct {
	document []byte
	spec     *Spec
}

// ownLID returns the LID at an address that the scope's agency holds.
func ownLID(ctx context.Context, tx *sqldb.Tx, address string) (present, error) {
	r, err := ownRow(ctx, tx, address)
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return present{}, nil
	case err != nil:
		return present{}, err
	}
	s, err := r.stored()
	return present{[]byte(r.document), &s.Spec}, err
}

func listLIDs(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address > $2 AND substr(address, 1, 1) <> '~' ORDER BY address LIMIT $3`,
		tx.Tenant(), page.After, page.Limit)
}

// lidsOf lists the LIDs of an agency.
func lidsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND agency = $2 AND substr(address, 1, 1) <> '~' ORDER BY address`, tx.Tenant(), agency)
}

// ownLIDs are those that the scope covers and the selection names. Letters count
// alike in both sizes where they are ASCII.
func ownLIDs(ctx context.Context, tx *sqldb.Tx, s Selection) ([]httpapi.Stored[Spec], error) {
	words := "%" + escapeLike(strings.ToLower(s.Text)) + "%"
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND substr(address, 1, 1) <> '~' AND ($2 = '' OR agency = $2) AND ($3 = '' OR state = $3)
			AND (lower(title) LIKE $4 ESCAPE '\' OR lower(address) LIKE $4 ESCAPE '\') AND address > $5 ORDER BY address LIMIT $6`,
		tx.Tenant(), s.Agency, s.State, words, s.After, s.Limit)
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

// putBegun keeps a LID that has no address yet, under a name that no address can
// have. Nobody follows it: it cannot be called, and its agency alone sees it.
func putBegun(ctx context.Context, tx *sqldb.Tx, id string, s Spec, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode LID: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, 'draft', $4, NULL, $5, $6, $6)
		ON CONFLICT (address) DO UPDATE SET title = excluded.title, document = excluded.document, updated_at = excluded.updated_at
		WHERE catalog_lid.agency = excluded.agency`,
		begunPrefix+id, s.Agency, s.Class, s.Title, string(document), now.UnixMilli())
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

func listBegun(ctx context.Context, tx *sqldb.Tx) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND substr(address, 1, 1) = '~' ORDER BY created_at DESC, address LIMIT 1000`, tx.Tenant())
}

func countBegun(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) {
		return n, scan(&n)
	}, `SELECT COUNT(*) FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND agency = $2 AND substr(address, 1, 1) = '~'`, tx.Tenant(), agency)
}

// dropBegun returns whose it was.
func dropBegun(ctx context.Context, tx *sqldb.Tx, id string) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (owner simpul.AgencyID, err error) {
		return owner, scan(&owner)
	}, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), begunPrefix+id)
}

// publishedLIDs is what everybody sees, whoever asks.
func publishedLIDs(ctx context.Context, tx *sqldb.Tx) ([]row, error) {
	return sqldb.All(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' ORDER BY address`)
}

func publishedLID(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' AND address = $1`, address)
}

// deleteLID returns the owner of the LID that is gone.
func deleteLID(ctx context.Context, tx *sqldb.Tx, address string) (owner simpul.AgencyID, err error) {
	owner, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (owner simpul.AgencyID, err error) {
		return owner, scan(&owner)
	}, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), address)
	if err != nil {
		return "", err
	}
	return owner, errors.Join(forget(ctx, tx, address), tx.Revise(ctx, revisionLID, address))
}

// forget drops what was kept of a LID that is gone, unless it is retired: whoever
// calls that one is told so for ever.
func forget(ctx context.Context, tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(ctx, `DELETE FROM catalog_version WHERE ($1 = '*' OR agency = $1) AND address = $2
		AND NOT EXISTS (SELECT 1 FROM catalog_address a WHERE a.address = $2 AND a.retired)`, tx.Tenant(), address)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE catalog_address SET successor = '' WHERE ($1 = '*' OR agency = $1) AND address = $2 AND NOT retired`, tx.Tenant(), address)
	return err
}

const revisionHarvest = "Harvest"

// putHarvested stores an entry of another catalogue unless what is stored is the
// same or later, and reports whether it did. Of two deliveries with one time the
// one with the greater digest counts, so that their order is no matter.
func putHarvested(ctx context.Context, tx *sqldb.Tx, h harvested, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO catalog_harvested (source, uri, title, publisher, modified, digest, document, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (source, uri) DO UPDATE SET title = excluded.title, publisher = excluded.publisher, modified = excluded.modified,
			digest = excluded.digest, document = excluded.document, taken_at = excluded.taken_at
		WHERE catalog_harvested.modified < excluded.modified
			OR catalog_harvested.modified = excluded.modified AND catalog_harvested.digest < excluded.digest`,
		h.source, h.entry.URI, h.entry.Title, h.entry.Publisher, h.modified(), h.digest, h.document, now.UnixMilli())
	return n > 0, err
}

func scanHarvested(scan sqldb.Scan) (h harvested, err error) {
	if err := scan(&h.source, &h.document); err != nil {
		return h, err
	}
	if err := json.Unmarshal([]byte(h.document), &h.entry); err != nil {
		return h, fmt.Errorf("decode harvested entry of %s: %w", h.source, err)
	}
	return h, nil
}

// harvestedOf lists what was taken in from a source, or from all where it is "".
func harvestedOf(ctx context.Context, tx *sqldb.Tx, source string) ([]harvested, error) {
	return sqldb.All(ctx, tx, scanHarvested, `SELECT source, document FROM catalog_harvested WHERE ($1 = '' OR source = $1) ORDER BY source, uri`, source)
}

func listSources(ctx context.Context, tx *sqldb.Tx) ([]Source, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (s Source, err error) {
		var at int64
		err = scan(&s.Source, &s.Entries, &at)
		s.TakenAt = time.UnixMilli(at).UTC()
		return s, err
	}, `SELECT source, COUNT(*), MAX(taken_at) FROM catalog_harvested GROUP BY source ORDER BY source`)
}

func deleteSource(ctx context.Context, tx *sqldb.Tx, source string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM catalog_harvested WHERE source = $1`, source)
}

// addRevision is the only statement that changes revisions: there is none that
// alters or removes one.
func addRevision(ctx context.Context, tx *sqldb.Tx, r Revision) error {
	if err := tx.Own(r.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(r.Spec)
	if err != nil {
		return fmt.Errorf("encode revision: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalog_revision (address, number, agency, digest, contract, author, at, version, state, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.Address, r.Number, r.Agency, r.Digest, r.Contract, r.Author, r.At.UnixMilli(), r.Version, r.State, string(document))
	if err != nil {
		return fmt.Errorf("add revision: %w", err)
	}
	return nil
}

const revisionColumns = `address, number, agency, digest, contract, author, at, version, state`

func scanRevision(scan sqldb.Scan, more ...any) (r Revision, err error) {
	var at int64
	err = scan(append([]any{&r.Address, &r.Number, &r.Agency, &r.Digest, &r.Contract, &r.Author, &at, &r.Version, &r.State}, more...)...)
	r.At = time.UnixMilli(at).UTC()
	return r, err
}

func scanBareRevision(scan sqldb.Scan) (Revision, error) { return scanRevision(scan) }

func scanWholeRevision(scan sqldb.Scan) (Revision, error) {
	var document string
	r, err := scanRevision(scan, &document)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(document), &r.Spec); err != nil {
		return r, fmt.Errorf("decode revision %d of %s: %w", r.Number, r.Address, err)
	}
	return r, nil
}

// lastRevision returns the newest revision of a LID of the scope's agency.
func lastRevision(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Revision, error) {
	return sqldb.One(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE ($1 = '*' OR agency = $1) AND address = $2 ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// lastLiveRevision returns what everybody saw last of a LID of the scope's
// agency.
func lastLiveRevision(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Revision, error) {
	return sqldb.One(ctx, tx, scanWholeRevision, `SELECT `+revisionColumns+`, document FROM catalog_revision
		WHERE ($1 = '*' OR agency = $1) AND address = $2 AND state IN ('published', 'deprecated') ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// seenRevision is what the scope sees of revisions.
const seenRevision = `($1 = '*' OR agency = $1 OR state IN ('published', 'deprecated'))`

func newestRevision(ctx context.Context, tx *sqldb.Tx, address string) (Revision, error) {
	return sqldb.One(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// listRevisions lists what the scope sees, the newest first, from below the
// number on.
func listRevisions(ctx context.Context, tx *sqldb.Tx, address string, before int64, limit int) ([]Revision, error) {
	return sqldb.All(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 AND number < $3 ORDER BY number DESC LIMIT $4`, tx.Tenant(), address, before, limit)
}

func getRevision(ctx context.Context, tx *sqldb.Tx, address string, number int64) (Revision, error) {
	return sqldb.One(ctx, tx, scanWholeRevision, `SELECT `+revisionColumns+`, document FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 AND number = $3`, tx.Tenant(), address, number)
}

// credentialRow is a stored credential whose value nobody has opened yet.
type credentialRow struct {
	Credential
	address simpul.Address
	sealed  string
	updated int64
}

const credentialColumns = `address, origin, header, sealed, print, updated_at`

func scanCredential(scan sqldb.Scan) (r credentialRow, err error) {
	return r, scan(&r.address, &r.Origin, &r.Header, &r.sealed, &r.Print, &r.updated)
}

func putCredential(ctx context.Context, tx *sqldb.Tx, address string, agency simpul.AgencyID, c Credential, sealed string, now time.Time) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO catalog_credential (address, agency, origin, header, sealed, print, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (address) DO UPDATE SET origin = excluded.origin, header = excluded.header, sealed = excluded.sealed, print = excluded.print, updated_at = excluded.updated_at
		WHERE catalog_credential.agency = excluded.agency`,
		address, agency, c.Origin, c.Header, sealed, c.Print, now.UnixMilli())
	return err
}

func credentialOf(ctx context.Context, tx *sqldb.Tx, address string) (credentialRow, error) {
	return sqldb.One(ctx, tx, scanCredential, `SELECT `+credentialColumns+` FROM catalog_credential WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
}

func credentials(ctx context.Context, tx *sqldb.Tx) ([]credentialRow, error) {
	return sqldb.All(ctx, tx, scanCredential, `SELECT `+credentialColumns+` FROM catalog_credential WHERE ($1 = '*' OR agency = $1) ORDER BY address`, tx.Tenant())
}

// deleteCredential returns the agency whose credential is gone.
func deleteCredential(ctx context.Context, tx *sqldb.Tx, address string) (agency simpul.AgencyID, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (agency simpul.AgencyID, err error) {
		return agency, scan(&agency)
	}, `DELETE FROM catalog_credential WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), address)
}

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
