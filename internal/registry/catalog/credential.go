package catalog

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Sealer seals what only the hub itself may read, for its place in the database.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Credential is the header with which the hub proves itself to the origins of a
// LID. It is sent to those that the LID had when it was set, and to no other: who
// adds an origin to a LID, or changes one, does not learn it.
type Credential struct {
	Header string
	Value  simpul.Secret
	Origin string // each scheme://host:port, with spaces between
	Print  string // another one for each value that was set; tells nothing of it
}

// CredentialState is what anybody but the origin learns of a credential.
type CredentialState struct {
	Header    string    `json:"header"`
	Usable    bool      `json:"usable" doc:"It was set for every origin that the LID has now; it is not sent to others"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// CredentialWish is a credential as people give it.
type CredentialWish struct {
	Header   string        `json:"header,omitempty" maxLength:"100" doc:"Authorization when absent"`
	Value    simpul.Secret `json:"value,omitempty" doc:"The whole value of the header, such as Bearer …; never shown again"`
	Generate bool          `json:"generate,omitempty" doc:"Make a value; it is answered once"`
}

// revisionCredential names credentials in the revision log.
const revisionCredential = "OriginCredential"

// Credentials are the use cases on credentials, and the gateway's view of them in
// memory, which follows the revision log.
type Credentials struct {
	db     *sqldb.DB
	sealer Sealer
	now    clock.Clock
	log    *slog.Logger
	view   atomic.Pointer[map[simpul.Address]Credential]
	turn   sync.Mutex // one refresh at a time
}

// NewCredentials returns the use cases on the database. The view is empty until
// Load.
func NewCredentials(db *sqldb.DB, sealer Sealer, now clock.Clock, log *slog.Logger) *Credentials {
	c := &Credentials{db: db, sealer: sealer, now: now, log: log}
	c.view.Store(&map[simpul.Address]Credential{})
	return c
}

var kindCredential = simpul.Text{ID: "Kredensial origin", EN: "Origin credential"}

// Put sets the credential of a LID of an agency that the scope covers, for the
// origin that the LID has now. It returns the value where it was made here.
func (c *Credentials) Put(ctx context.Context, p simpul.Principal, id string, wish CredentialWish) (made simpul.Secret, err error) {
	credential, err := wish.read()
	if err != nil {
		return "", err
	}
	err = c.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := lidToProve(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := found.upstream(); err != nil {
			return err
		}
		credential.Origin = found.origins()
		sealed, err := c.sealer.Seal([]byte(credential.Value.Reveal()), "catalog_credential", id, "sealed")
		if err != nil {
			return err
		}
		err = putCredential(ctx, tx, id, found.Agency, credential, base64.StdEncoding.EncodeToString(sealed), c.now())
		if err != nil {
			return err
		}
		return recordCredential(ctx, tx, p, found.Agency, id, "origin-credential.put")
	})
	if !wish.Generate || err != nil {
		credential.Value = ""
	}
	return credential.Value, sqldb.Coded(err, kindLID, id)
}

// lidToProve is the LID of the scope at an address, or no rows.
func lidToProve(ctx context.Context, tx *sqldb.Tx, id string) (Spec, error) {
	found, err := ownLID(ctx, tx, id)
	if err == nil && found.spec == nil {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return Spec{}, err
	}
	return *found.spec, nil
}

func recordCredential(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, agency simpul.AgencyID, id, action string) error {
	if err := tx.Revise(ctx, revisionCredential, id); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.By(p, agency, action, id))
}

// Delete takes the credential of a LID of the scope away; the hub then calls its
// origin without one.
func (c *Credentials) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := c.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		agency, err := deleteCredential(ctx, tx, id)
		if err != nil {
			return err
		}
		return recordCredential(ctx, tx, p, agency, id, "origin-credential.delete")
	})
	return sqldb.Coded(err, kindCredential, id)
}

// State tells of the credential of a LID of the scope, without its value.
func (c *Credentials) State(ctx context.Context, p simpul.Principal, id string) (s CredentialState, err error) {
	err = c.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := lidToProve(ctx, tx, id)
		if err != nil {
			return err
		}
		r, err := credentialOf(ctx, tx, id)
		s = CredentialState{r.Header, r.isForAll(found.bases()), time.UnixMilli(r.updated).UTC()}
		return err
	})
	return s, sqldb.Coded(err, kindCredential, id)
}

// Within returns the credential of an address within a transaction, nil for
// none, for whoever tests the LID.
func (c *Credentials) Within(ctx context.Context, tx *sqldb.Tx, address simpul.Address, upstream *url.URL) (*Credential, error) {
	r, err := credentialOf(ctx, tx, string(address))
	found, err := sqldb.Exists(r, err)
	if err != nil || !found || upstream == nil || !r.isFor(upstream) {
		return nil, err
	}
	opened, err := c.open(r)
	return &opened, err
}

// For returns the credential that is to be sent to a base URL of the LID at an
// address. It reads memory only.
func (c *Credentials) For(address simpul.Address, upstream *url.URL) (Credential, bool) {
	found, ok := (*c.view.Load())[address]
	return found, ok && upstream != nil && found.isFor(upstream)
}

// isFor reports whether the credential was set for the origin of a URL.
func (c Credential) isFor(u *url.URL) bool {
	for origin := range strings.SplitSeq(c.Origin, " ") {
		scheme, authority, _ := strings.Cut(origin, "://")
		colon := strings.LastIndexByte(authority, ':')
		if colon >= 0 && scheme == u.Scheme && authority[colon+1:] == portOf(u) && strings.EqualFold(authority[:colon], u.Hostname()) {
			return true
		}
	}
	return false
}

func (c Credential) isForAll(all []*url.URL) bool {
	return !slices.ContainsFunc(all, func(u *url.URL) bool { return !c.isFor(u) })
}

// origins names all that the LID has, as a credential remembers them.
func (s Spec) origins() string {
	var all []string
	for _, u := range s.bases() {
		all = append(all, OriginOf(u))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// OriginOf is the origin of a URL (RFC 6454), with its port written out.
func OriginOf(u *url.URL) string {
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + portOf(u)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// Load replaces the view by what is stored.
func (c *Credentials) Load(ctx context.Context) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	next := map[simpul.Address]Credential{}
	err := c.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		rows, err := credentials(ctx, tx)
		for _, r := range rows {
			c.hold(next, r)
		}
		return err
	})
	if err == nil {
		c.view.Store(&next)
	}
	return err
}

// Refresh reads again what the revisions name. A LID that is gone has none.
func (c *Credentials) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	var next map[simpul.Address]Credential
	err := c.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, change := range changes {
			if change.Kind != revisionCredential && change.Kind != revisionLID {
				continue
			}
			if next == nil {
				next = maps.Clone(*c.view.Load())
			}
			if err := c.reread(ctx, tx, next, change.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && next != nil {
		c.view.Store(&next)
	}
	return err
}

func (c *Credentials) reread(ctx context.Context, tx *sqldb.Tx, view map[simpul.Address]Credential, address string) error {
	delete(view, simpul.Address(address))
	r, err := credentialOf(ctx, tx, address)
	found, err := sqldb.Exists(r, err)
	if found && err == nil {
		c.hold(view, r)
	}
	return err
}

// hold puts a stored credential into the view. One that cannot be opened is left
// out and reported: it must not keep the others from being sent.
func (c *Credentials) hold(view map[simpul.Address]Credential, r credentialRow) {
	opened, err := c.open(r)
	if err != nil {
		c.log.Error("origin credential cannot be opened", "address", r.address, "error", err)
		return
	}
	view[r.address] = opened
}

func (c *Credentials) open(r credentialRow) (Credential, error) {
	sealed, err := base64.StdEncoding.DecodeString(r.sealed)
	if err != nil {
		return Credential{}, err
	}
	value, err := c.sealer.Open(sealed, "catalog_credential", string(r.address), "sealed")
	r.Value = simpul.Secret(value)
	return r.Credential, err
}

const (
	usualHeader     = "Authorization"
	longestValue    = 4096 // bytes
	credentialStart = "sph_"
)

// read checks a wish, and makes the value where that is wished.
func (w CredentialWish) read() (c Credential, err error) {
	c = Credential{Header: http.CanonicalHeaderKey(strings.TrimSpace(w.Header)), Value: w.Value, Print: strings.ToLower(rand.Text())[:16]}
	if c.Header == "" {
		c.Header = usualHeader
	}
	if !properHeader(c.Header) {
		return c, simpul.Invalid("body.header",
			simpul.Text{ID: "Kepala itu tidak dapat dipakai untuk kredensial.", EN: "That header cannot be used for a credential."},
			simpul.Text{ID: "Pakai Authorization, atau nama sendiri seperti X-Kunci-Hub.", EN: "Use Authorization, or a name of your own such as X-Hub-Key."})
	}
	if w.Generate == (w.Value != "") {
		return c, simpul.Invalid("body",
			simpul.Text{ID: "Sebut tepat satu: value atau generate.", EN: "Give exactly one: value or generate."},
			simpul.Text{ID: "Tulis generate: true supaya hub membuat nilainya.", EN: "Write generate: true to have the hub make the value."})
	}
	if w.Generate {
		c.Value = simpul.NewSecret(credentialStart)
		if c.Header == usualHeader {
			c.Value = "Bearer " + c.Value
		}
	}
	value := c.Value.Reveal()
	if strings.TrimSpace(value) != value || len(value) > longestValue || len(value) < 8 || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
		return c, simpul.Invalid("body.value",
			simpul.Text{ID: "Nilai kredensial memuat karakter yang tidak boleh ada di kepala HTTP, atau panjangnya bukan 8 sampai 4.096.", EN: "The value of the credential has characters that no HTTP header may have, or is not 8 to 4,096 long."},
			simpul.Text{ID: "Pakai huruf, angka, dan tanda baca ASCII, tanpa baris baru.", EN: "Use ASCII letters, digits and punctuation, without line breaks."})
	}
	return c, nil
}

// properHeader reports names that carry a credential and mean nothing to HTTP or
// to the hub itself.
func properHeader(name string) bool {
	token := name != "" && len(name) <= 100 && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	})
	for _, taken := range []string{"Content-", "Accept", "Simpul-", "X-Forwarded-", "Sec-", "If-"} {
		token = token && !strings.HasPrefix(name, taken)
	}
	return token && !slices.Contains([]string{"Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Expect", "Range", "Date",
		"Proxy-Authorization", "Proxy-Authenticate", "Proxy-Connection", "Cookie", "Cache-Control", "User-Agent", "Referer", "Origin", "Exchange-Id", "Forwarded", "Via"}, name)
}
