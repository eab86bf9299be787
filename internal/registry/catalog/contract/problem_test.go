package contract

import "testing"

func TestProblemsAreFound(t *testing.T) {
	for responses, want := range map[string]bool{
		`{"200":{"description":"ok"}}`:                                                                                        false,
		`{"200":{"description":"ok","content":{"application/problem+json":{}}}}`:                                              false,
		`{"200":{"description":"ok"},"404":{"description":"x","content":{"application/json":{}}}}`:                            false,
		`{"200":{"description":"ok"},"404":{"description":"x","content":{"application/problem+json":{}}}}`:                    true,
		`{"200":{"description":"ok"},"default":{"description":"x","content":{"Application/Problem+JSON; charset=utf-8":{}}}}`: true,
		`{"200":{"description":"ok"},"4XX":{"$ref":"#/components/responses/E"}}`:                                              true,
		`{"200":{"description":"ok"},"5XX":{"$ref":"#/components/responses/None"}}`:                                           false,
	} {
		doc := `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":` + responses + `}}},
			"components":{"responses":{"E":{"description":"x","content":{"application/problem+json":{}}},"None":{"description":"x"}}}}`
		c, err := Parse([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Operations[0].Problems; got != want {
			t.Errorf("%s: got %t", responses, got)
		}
	}
}
