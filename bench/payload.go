//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// payloadBytes is the length of the origin's JSON body.
const payloadBytes = 1024

// region is one element of the body; the field-selection figure delivers the
// first two members of it.
type region struct {
	Code       string  `json:"code"`
	Name       string  `json:"name"`
	Province   string  `json:"province"`
	Kind       string  `json:"kind"`
	AreaKm2    float64 `json:"area_km2"`
	Population int     `json:"population"`
	Active     bool    `json:"active"`
}

// selectedFields are the paths that the narrow grant allows.
func selectedFields() []string { return []string{"items.code", "items.name"} }

func regions() []region {
	return []region{
		{"32.73", "Kota Bandung", "Jawa Barat", "kota", 166.59, 2444160, true},
		{"32.04", "Kabupaten Bandung", "Jawa Barat", "kabupaten", 1740.84, 3623790, true},
		{"31.74", "Kota Jakarta Selatan", "DKI Jakarta", "kota", 144.94, 2226812, true},
		{"51.71", "Kota Denpasar", "Bali", "kota", 125.87, 725314, true},
		{"73.71", "Kota Makassar", "Sulawesi Selatan", "kota", 177.19, 1423877, true},
		{"91.71", "Kota Jayapura", "Papua", "kota", 835.48, 398478, true},
	}
}

// payload is the origin's body: a JSON object of exactly payloadBytes.
func payload() []byte {
	body := func(note string) []byte {
		b, err := json.Marshal(struct {
			Items []region `json:"items"`
			Note  string   `json:"note"`
		}{regions(), note})
		if err != nil {
			panic(err) // constant input
		}
		return b
	}
	missing := payloadBytes - len(body(""))
	return body(strings.Repeat("catatan ", missing/8+1)[:missing])
}

// selectedPayload is what the narrow grant leaves of the body.
func selectedPayload() []byte {
	type narrow struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}
	var items []narrow
	for _, r := range regions() {
		items = append(items, narrow{r.Code, r.Name})
	}
	b, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		panic(err) // constant input
	}
	return b
}

// sameJSON reports whether both texts are the same JSON value.
func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	return canonical(&x, a) == nil && canonical(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// canonical writes the value with sorted members and no white space.
func canonical(to *bytes.Buffer, text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	return json.NewEncoder(to).Encode(v)
}

// pattern is an endless body that both ends can produce and check without
// keeping it: position i holds a byte that depends on i alone and repeats only
// after 251 * 256 positions, so that a lost or doubled block is noticed.
type pattern struct {
	block []byte
	at    int64
}

func newPattern() *pattern {
	block := make([]byte, 251*256)
	for i := range block {
		block[i] = byte(i%251) ^ byte(i>>8)
	}
	return &pattern{block: block}
}

// Read fills b with the next bytes of the pattern; it never ends.
func (p *pattern) Read(b []byte) (int, error) {
	n := copy(b, p.block[p.at%int64(len(p.block)):])
	p.at += int64(n)
	return n, nil
}

// Write checks that b continues the pattern.
func (p *pattern) Write(b []byte) (int, error) {
	for done := 0; done < len(b); {
		want := p.block[p.at%int64(len(p.block)):]
		want = want[:min(len(want), len(b)-done)]
		if !bytes.Equal(want, b[done:done+len(want)]) {
			return done, fmt.Errorf("body differs within %d bytes after byte %d", len(want), p.at)
		}
		done += len(want)
		p.at += int64(len(want))
	}
	return len(b), nil
}

var _ io.ReadWriter = (*pattern)(nil)
