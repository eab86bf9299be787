package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/provider"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/feasibility"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"
)

// openFeasibility builds the room that tests LIDs, and the credentials with which
// the hub proves itself to origins.
func (h *Hub) openFeasibility() {
	h.Credentials = catalog.NewCredentials(h.db, sealer{h.vault}, clock.System, h.log)
	h.Feasibility = feasibility.New(h.db, specimens{h}, &feasibility.Tester{
		Caller: reshaped{h.codebook, h.indoors(provider.Single{Caller: h.caller})}, Resolver: net.DefaultResolver, Codes: validity{h.RefCodes}, Indoors: standard.Host,
		PrivateHTTP: h.config.Feasibility.PrivateHTTP, Version: Version, Now: clock.System,
	}, feasibility.Rules{Valid: h.config.Feasibility.Valid})
}

func (h *Hub) indoors(next gateway.Caller) gateway.Caller {
	return indoors{standard.Host, h.RefCodes.Handler(), next}
}

// specimens gives the room of tests what the catalogue knows.
type specimens struct{ h *Hub }

// Subject is what is stored. A LID that is published by another agency is as
// unknown here as a draft.
func (s specimens) Subject(ctx context.Context, p simpul.Principal, address simpul.Address) (feasibility.Subject, error) {
	stored, err := s.h.LIDs.Get(ctx, p, string(address))
	if err != nil {
		return feasibility.Subject{}, err
	}
	if !p.Scope().Covers(stored.Spec.Agency) {
		return feasibility.Subject{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return s.of(ctx, p, address, stored.Spec)
}

// Planned reads a LID that is not stored.
func (s specimens) Planned(ctx context.Context, p simpul.Principal, address simpul.Address, document json.RawMessage) (feasibility.Subject, error) {
	spec, err := catalog.ReadSpec(document)
	if err != nil {
		return feasibility.Subject{}, simpul.Invalid("body.spec",
			simpul.Text{ID: "Isi spec tidak berbentuk LID.", EN: "The spec is not of the form of a LID."},
			simpul.Text{ID: "Kirim spec seperti pada sumber daya LID.", EN: "Send the spec as in the resource of a LID."})
	}
	if err := s.h.LIDs.Examine(ctx, p, address, spec); err != nil {
		return feasibility.Subject{}, err
	}
	return s.of(ctx, p, address, spec)
}

// of adds to a LID what other rooms know of it.
func (s specimens) of(ctx context.Context, p simpul.Principal, address simpul.Address, spec catalog.Spec) (feasibility.Subject, error) {
	subject := subjectOf(address, spec)
	err := s.h.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		subject.Credential, err = s.h.credentialOf(ctx, tx, address, subject.Upstream)
		return err
	})
	if err != nil {
		return subject, err
	}
	bound, err := s.h.Bindings.Get(ctx, p, string(address))
	if err != nil && simpul.CodeOf(err) != simpul.CodeNotFound {
		return subject, err
	}
	for _, f := range bound.Spec.Fields {
		if f.List != "" {
			subject.Bound = append(subject.Bound, feasibility.Bound{Field: f.Field, List: string(f.List)})
		}
	}
	return subject, nil
}

func (h *Hub) credentialOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address, upstream *url.URL) (*feasibility.Credential, error) {
	c, err := h.Credentials.Within(ctx, tx, address, upstream)
	if err != nil || c == nil {
		return nil, err
	}
	return &feasibility.Credential{Header: c.Header, Value: c.Value, Print: c.Print}, nil
}

// subjectOf is what a spec says by itself.
func subjectOf(address simpul.Address, spec catalog.Spec) feasibility.Subject {
	s := feasibility.Subject{
		Address: address, Agency: spec.Agency, Title: spec.Title, Class: spec.Class, Version: spec.Version,
		Upstream: baseOf(spec.Upstream), Contract: spec.Contract, Changes: spec.Delivery.Changes, Tested: spec.TestDigest(), Sandbox: sandboxOf(spec.Sandbox),
	}
	for i, origin := range spec.Delivery.Origins {
		s.Further = append(s.Further, feasibility.Origin{Place: fmt.Sprintf("delivery.origins[%d]", i), URL: baseOf(origin)})
	}
	if c := spec.Delivery.Canary; c != nil {
		s.Further = append(s.Further, feasibility.Origin{Place: "delivery.canary", URL: baseOf(c.Upstream)})
	}
	s.Held, s.Said = spec.Personal()
	if spec.ServiceLevel != nil {
		s.Latency = time.Duration(spec.ServiceLevel.LatencyMillis) * time.Millisecond
	}
	for _, e := range spec.Examples {
		s.Examples = append(s.Examples, e.Call)
	}
	return s
}

// baseOf is a base URL as routes have it. The catalogue has checked it.
func baseOf(text string) *url.URL {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil {
		return &url.URL{}
	}
	return u
}

func sandboxOf(text string) *url.URL {
	if text == "" {
		return nil
	}
	return baseOf(text)
}

// validity tells the room of tests which codes are valid today.
type validity struct{ lists *standard.Lists }

func (v validity) Invalid(ctx context.Context, list string, codes []string) (invalid []string, err error) {
	for _, code := range codes {
		_, err := v.lists.Lookup(ctx, simpul.TheHub(), list, code, "")
		switch {
		case simpul.CodeOf(err) == simpul.CodeNotFound:
			invalid = append(invalid, code)
		case err != nil:
			return nil, err
		}
	}
	return invalid, nil
}

func (h *Hub) feasibilityAPI(api *httpapi.API) {
	catalog.RegisterCredentials(api, h.Credentials)
	feasibility.Register(api, h.Feasibility)
}

// feasibilityPages puts the screen of tests on the mux, and waivers on the public
// pages of LIDs.
func (h *Hub) feasibilityPages(mux *http.ServeMux, lids *catalog.Pages) {
	feasibility.NewPages(h.Feasibility, signin.Gate()).Register(mux)
	lids.Annotate(h.waived)
}

// waived tells everybody that a published LID stands on a waiver.
func (h *Hub) waived(ctx context.Context, l *catalog.LID) (catalog.Note, bool) {
	var credential *feasibility.Credential
	upstream := baseOf(l.Spec.Upstream)
	if c, ok := h.Credentials.For(l.Address, upstream); ok {
		credential = &feasibility.Credential{Header: c.Header, Print: c.Print}
	}
	digest := feasibility.DigestOf(l.Address, l.Spec.Agency, l.Spec.TestDigest(), credential)
	w, ok, err := h.Feasibility.PublicWaiver(ctx, l.Address, digest)
	if err != nil {
		h.log.WarnContext(ctx, "waiver cannot be shown", "address", l.Address, "error", err)
	}
	return catalog.Note{
		Title: simpul.Text{ID: "Terbit dengan pengecualian uji kelaikan", EN: "Published with a waiver of its feasibility test"},
		Text:  w.Reason, By: w.By, At: w.At,
	}, ok
}

// EnsureFit does what the condition "feasibility" of a life cycle needs before
// the transaction of a move: it tests the LID unless a current report passes, or
// signs the waiver that the LID brings along, for whoever may.
func (h *Hub) EnsureFit(ctx context.Context, p simpul.Principal, m catalog.Move) error {
	subject, err := specimens{h}.of(ctx, p, m.Address, m.Spec)
	if err != nil {
		return err
	}
	if m.Waiver != "" && p.Can(simpul.WaiveLIDs) {
		return h.Feasibility.EnsureWaived(ctx, p, subject, m.Waiver)
	}
	return h.Feasibility.Ensure(ctx, p, subject)
}

// CheckFit is the condition itself, within the transaction of the move.
func (h *Hub) CheckFit(ctx context.Context, tx *sqldb.Tx, m catalog.Move) (bool, error) {
	credential, err := h.credentialOf(ctx, tx, m.Address, baseOf(m.Spec.Upstream))
	if err != nil {
		return false, err
	}
	return h.Feasibility.Passed(ctx, tx, m.Address, feasibility.DigestOf(m.Address, m.Spec.Agency, m.Digest, credential))
}
