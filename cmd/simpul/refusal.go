package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

// refusal is the hub's problem document (RFC 9457), already in the language
// that was asked for.
type refusal struct {
	Status     int          `json:"-"` // of the answer itself
	Title      string       `json:"title"`
	Code       simpul.Code  `json:"code"`
	Detail     string       `json:"detail"`
	Remedy     string       `json:"remedy"`
	Owner      string       `json:"owner"`
	ExchangeID string       `json:"exchange_id"`
	Places     []wrongPlace `json:"errors"`
}

// wrongPlace is one place in what was sent.
type wrongPlace struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

func parseRefusal(status int, body []byte) *refusal {
	r := &refusal{}
	if err := json.Unmarshal(body, r); err != nil || r.Detail == "" && r.Title == "" {
		r.Title = http.StatusText(status)
	}
	r.Status = status
	return r
}

// absent reports whether the hub said that the thing does not exist, or is not
// the caller's to see.
func absent(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.Status == http.StatusNotFound
}

// Error is the refusal on one line.
func (r *refusal) Error() string { return sentence(r.what(), r.Remedy) }

func (r *refusal) what() string {
	if r.Detail != "" {
		return r.Detail
	}
	return r.Title
}

// remedy is the hub's remedy, then who can mend it and what to quote to them.
func (r *refusal) remedy() simpul.Text {
	all := simpul.Text{ID: r.Remedy, EN: r.Remedy}
	add := func(t simpul.Text) {
		all.ID, all.EN = strings.TrimSpace(all.ID+" "+t.ID), strings.TrimSpace(all.EN+" "+t.EN)
	}
	if r.Remedy == "" && r.Status == http.StatusUnauthorized {
		add(text("Sebutkan token dengan --token atau SIMPUL_TOKEN.", "Pass a token with --token or SIMPUL_TOKEN."))
	}
	if r.Owner != "" {
		add(text("Yang dapat memperbaiki: %s.", "Who can mend it: %s.", r.Owner))
	}
	if r.ExchangeID != "" {
		add(text("Nomor pertukaran: %s.", "Exchange ID: %s.", r.ExchangeID))
	}
	return all
}

// at is the refusal as an error of a place.
func (r *refusal) at(place, message string) *simpul.Error {
	return &simpul.Error{Code: r.Code, Place: place, Err: r, Message: simpul.Text{ID: message}, Remedy: r.remedy()}
}

// located puts a refusal of a document at the lines that it is about, in their
// order. The remedy, which is one for all, follows the last. Any other error
// stays as it is.
func located(err error, d resource.Document) error {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	if len(r.Places) == 0 {
		return r.at(d.Place(""), r.what())
	}
	places := slices.Clone(r.Places)
	slices.SortStableFunc(places, func(a, b wrongPlace) int { return cmp.Compare(d.Line(a.Location), d.Line(b.Location)) })
	all := make([]error, len(places))
	for i, p := range places {
		e := r.at(d.Place(p.Location), p.about(r))
		if i < len(places)-1 {
			e.Remedy = simpul.Text{}
		}
		all[i] = e
	}
	return errors.Join(all...)
}

// about is the place's message. A validator's few words need the name of the
// field; a sentence that is the whole refusal does not.
func (p wrongPlace) about(r *refusal) string {
	if p.Message == r.Detail {
		return p.Message
	}
	return strings.TrimPrefix(p.Location, "body.") + ": " + p.Message
}
