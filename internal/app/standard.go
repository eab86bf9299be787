package app

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"
)

// openStandards builds the room of standards and reference codes.
func (h *Hub) openStandards() {
	h.RefCodes = standard.NewLists(h.db, clock.System)
	h.Standards = standard.NewStandards(h.db, h.Notices, clock.System)
	h.Metadata = standard.NewMetadatas(h.db, h.Notices, clock.System)
	h.Bindings = standard.NewBindings(h.db, shelf{h.LIDs}, clock.System)
	h.bound = standard.NewBound(h.db)
}

// standardsAPI adds the room's operations.
func (h *Hub) standardsAPI(api *httpapi.API) {
	standard.Register(api, h.RefCodes, h.Standards, h.Bindings, h.Metadata, h.Shelf())
}

// standardsPages adds the room's screens.
func (h *Hub) standardsPages(mux *http.ServeMux, names *roster) {
	name := func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) }
	standard.NewPages(h.RefCodes, h.Standards, h.Bindings, h.Metadata, h.Shelf(), name, signin.Gate()).Register(mux)
}

// Shelf puts lists of reference codes into the catalogue.
func (h *Hub) Shelf() standard.Publisher { return shelf{h.LIDs} }

type shelf struct{ lids *catalog.Service }

// Publish puts a list into the catalogue, or renews what follows from the list;
// what its agency wrote of the LID beside that stays.
func (s shelf) Publish(ctx context.Context, p simpul.Principal, o standard.Offered) error {
	stored, err := s.lids.Get(ctx, p, string(o.Address))
	if err == nil && stored.Spec.State == catalog.Published && stored.Spec.Agency == o.Agency {
		spec := stored.Spec
		spec.Title, spec.Description, spec.Upstream, spec.Contract, spec.Attribution = o.Title, cmp.Or(o.Description, o.Title), o.Upstream, o.Contract, o.Attribution
		_, err = s.lids.Put(ctx, p, string(o.Address), spec, false)
		return err
	}
	state, step := catalog.Published, ""
	if !p.Can(simpul.RegisterLIDs) { // as far as its agency may take it
		state, step = catalog.Draft, "registering"
	}
	_, err = s.lids.Put(ctx, p, string(o.Address), catalog.Spec{
		Agency: o.Agency, Title: o.Title, Description: cmp.Or(o.Description, o.Title), Class: simpul.Terbuka, Version: "1.0", State: state, Step: step,
		Upstream: o.Upstream, Contract: o.Contract, Keywords: []string{"kode referensi", "data induk"},
		LegalBasis: "Perpres Nomor 39 Tahun 2019 tentang Satu Data Indonesia", Attribution: o.Attribution,
		Metadata: catalog.Metadata{
			Contacts:     []catalog.Contact{{Unit: "Walidata " + string(o.Agency)}},
			PersonalData: &catalog.PersonalData{}, // codes are about nobody
		},
	}, false)
	return err
}

// Subject tells of a LID what its fields are.
func (s shelf) Subject(ctx context.Context, scope simpul.Scope, address simpul.Address) (standard.Subject, error) {
	owner, contract, err := s.lids.Owner(ctx, scope, address)
	if err != nil {
		return standard.Subject{}, err
	}
	_, _, err = s.lids.Owner(ctx, simpul.PublicScope(), address)
	if err != nil && simpul.CodeOf(err) != simpul.CodeNotFound {
		return standard.Subject{}, err
	}
	lid := standard.Subject{Agency: owner, Published: err == nil}
	if contract != nil {
		lid.Fields = []string{}
		for _, op := range contract.Operations {
			for _, f := range op.ResponseFields {
				lid.Fields = append(lid.Fields, f.Path)
			}
		}
	}
	return lid, nil
}

// indoors calls what this process serves itself, without a connection, and
// everything else as the next caller does.
type indoors struct {
	host    string
	handler http.Handler
	next    gateway.Caller
}

// Call answers from the handler under the path of the route's upstream.
func (c indoors) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	if route.Upstream.Host != c.host {
		return c.next.Call(route, r)
	}
	ctx, cancel := context.WithTimeout(r.Context(), route.Timeout)
	defer cancel()
	inner := r.Clone(ctx)
	inner.URL.Path = strings.TrimSuffix(route.Upstream.Path+r.URL.Path, "/")
	inner.URL.RawPath = ""
	kept := &keptAnswer{header: http.Header{}, status: http.StatusOK}
	c.handler.ServeHTTP(kept, inner)
	return kept.response(r), nil
}

// keptAnswer is an answer in memory. What is served indoors comes in pages, so
// its size is bounded.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keptAnswer) Header() http.Header         { return k.header }
func (k *keptAnswer) WriteHeader(status int)      { k.status = status }
func (k *keptAnswer) Write(b []byte) (int, error) { return k.body.Write(b) }

func (k *keptAnswer) response(r *http.Request) *http.Response {
	k.header.Set("Content-Length", strconv.Itoa(k.body.Len()))
	return &http.Response{
		StatusCode: k.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: k.header,
		ContentLength: int64(k.body.Len()), Body: io.NopCloser(&k.body), Request: r,
	}
}
