//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

const (
	benchProvider    = "penyedia.bench.go.id"
	benchConsumer    = "pemanfaat.bench.go.id"
	benchApplication = "beban@" + benchConsumer
)

// control is a client of the hub's control API.
type control struct{ base, token string }

// resource is the envelope of everything that the control API keeps.
type resource struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   metadata       `json:"metadata"`
	Spec       map[string]any `json:"spec"`
}

type metadata struct {
	ID string `json:"id"`
}

func newResource(kind, id string, spec map[string]any) resource {
	return resource{"simpul/v1", kind, metadata{id}, spec}
}

// path is where the resource lives below /api/v1.
func (r resource) path() string {
	collection := strings.ToLower(r.Kind) + "s"
	if r.Kind == "Agency" {
		collection = "agencies"
	}
	return "/" + collection + "/" + r.Metadata.ID
}

// provision creates what a call needs: both agencies, the application, the LIDs
// with their contracts, the grants, and last a key.
func (g *gateway) provision(ctx context.Context, origin string) error {
	for _, r := range benchResources(origin) {
		if _, err := g.control.send(ctx, http.MethodPut, r.path(), r); err != nil {
			return err
		}
	}
	var err error
	g.key, err = g.control.newKey(ctx, benchApplication)
	return err
}

func (c control) newKey(ctx context.Context, application string) (string, error) {
	answer, err := c.send(ctx, http.MethodPost, "/applications/"+application+"/keys", map[string]string{"label": "bench"})
	if err != nil {
		return "", err
	}
	var created struct {
		Key string `json:"key"`
	}
	if err := json.Unmarshal(answer, &created); err != nil || created.Key == "" {
		return "", fmt.Errorf("simpul: no key in the answer %.200q", answer)
	}
	return created.Key, nil
}

// read gets what the path has, as JSON.
func (c control) read(ctx context.Context, path string, into any) error {
	answer, err := get(ctx, c.base+"/api/v1"+path, http.Header{"Authorization": {"Bearer " + c.token}})
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

func (c control) send(ctx context.Context, method, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "en")
	return do(req)
}

// benchResources are in the order in which they can be created.
func benchResources(origin string) []resource {
	return []resource{
		newResource("Agency", benchProvider, map[string]any{"name": "Penyedia Bench", "level": "nasional"}),
		newResource("Agency", benchConsumer, map[string]any{"name": "Pemanfaat Bench", "level": "nasional"}),
		newResource("Application", benchApplication, map[string]any{"name": "Beban"}),
		checked(benchLID("bench/Echo", "http://"+origin, echoContract()), "request"),
		checked(benchLID("bench/Checked", "http://"+origin, echoContract()), "request", "response"),
		benchLID("bench/Fields", "http://"+origin, echoContract()),
		benchLID("bench/Bulk", "http://"+origin+"/bulk", bulkContract()),
		benchGrant("bench-echo", "bench/Echo"),
		benchGrant("bench-checked", "bench/Checked"),
		benchGrant("bench-fields", "bench/Fields", selectedFields()...),
		benchGrant("bench-bulk", "bench/Bulk"),
	}
}

func benchLID(address, upstream string, contract map[string]any) resource {
	return newResource("LID", address, map[string]any{
		"agency": benchProvider, "title": address, "description": "Layanan untuk pengukuran.",
		"class": "terbuka", "version": "1.0.0", "state": "published",
		"legalBasis": "Uji internal", "contact": "uji@bench.go.id", "personalData": map[string]any{"held": false},
		"waiver":   "Penyedianya hanya ada selama pengukuran ini.",
		"upstream": upstream, "contract": contract,
		"timeoutSeconds": 60, "maxBodyBytes": bulkBytes,
	})
}

// checked has a LID's messages held to its contract.
func checked(lid resource, messages ...string) resource {
	checks := map[string]any{}
	for _, m := range messages {
		checks[m] = "enforce"
	}
	lid.Spec["delivery"] = map[string]any{"checks": checks}
	return lid
}

func benchGrant(id, lid string, fields ...string) resource {
	spec := map[string]any{
		"lid": lid, "application": benchApplication,
		"purpose": "Pengukuran kinerja", "legalBasis": "Uji internal",
		"ratePerMinute": 10_000_000, // counted, and never reached
	}
	if len(fields) > 0 {
		spec["fields"] = fields
	}
	return newResource("Grant", id, spec)
}

func contract(paths map[string]any) map[string]any {
	return map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Bench", "version": "1.0.0"},
		"paths":   paths,
	}
}

func answer(mediaType string, schema map[string]any) map[string]any {
	return map[string]any{"200": map[string]any{
		"description": "OK",
		"content":     map[string]any{mediaType: map[string]any{"schema": schema}},
	}}
}

// echoContract describes the origin's 1 KiB body exactly.
func echoContract() map[string]any { return listContract(regionFields()) }

func typed(t string) map[string]any { return map[string]any{"type": t} }

func regionFields() map[string]any {
	return map[string]any{
		"code": typed("string"), "name": typed("string"), "province": typed("string"), "kind": typed("string"),
		"area_km2": typed("number"), "population": typed("integer"), "active": typed("boolean"),
	}
}

// listContract describes a list of items with the fields.
func listContract(fields map[string]any) map[string]any {
	item := map[string]any{"type": "object", "required": []string{"code", "name"}, "properties": fields}
	body := map[string]any{
		"type": "object", "required": []string{"items"},
		"properties": map[string]any{
			"items": map[string]any{"type": "array", "items": item},
			"note":  typed("string"),
		},
	}
	return contract(map[string]any{"/": map[string]any{
		"get": map[string]any{"operationId": "listRegions", "responses": answer("application/json", body)},
	}})
}

// bulkContract describes the download and the upload of body_1gb_rss_rise.
func bulkContract() map[string]any {
	bytes := map[string]any{"type": "string", "format": "binary"}
	receipt := map[string]any{"type": "object"}
	return contract(map[string]any{
		"/{bytes}": map[string]any{
			"get": map[string]any{
				"operationId": "download",
				"parameters": []any{map[string]any{
					"name": "bytes", "in": "path", "required": true, "schema": map[string]any{"type": "integer"},
				}},
				"responses": answer("application/octet-stream", bytes),
			},
		},
		"/": map[string]any{
			"post": map[string]any{
				"operationId": "upload",
				"requestBody": map[string]any{
					"required": true,
					"content":  map[string]any{"application/octet-stream": map[string]any{"schema": bytes}},
				},
				"responses": answer("application/json", receipt),
			},
		},
	})
}
