package compare_test

import "strings"

// comparison is one case of the rules: what consumers had, what they get, and
// what that means to them, one line a difference.
type comparison struct {
	name          string
	before, after string // OpenAPI documents
	want          []string

	// oracle is why oasdiff judges otherwise whether it breaks; "" where it agrees.
	oracle string
}

// document is a contract with the paths.
func document(paths string) string {
	return `{"openapi":"3.1.0","info":{"title":"Uji","version":"1"},"paths":` + paths + `}`
}

// getting is a contract whose one operation has the parameters and the schema of
// its answer.
func getting(parameters, schema string) string {
	return document(`{"/":{"get":{"parameters":[` + parameters + `],"responses":{"200":{"description":"ok","content":{"application/json":{"schema":` + schema + `}}}}}}}`)
}

// answering is a contract that answers an object with the member nama.
func answering(schema string) string {
	return getting("", `{"type":"object","properties":{"nama":`+schema+`}}`)
}

// demanding is the same, with nama always there.
func demanding(schema string) string {
	return getting("", `{"type":"object","required":["nama"],"properties":{"nama":`+schema+`}}`)
}

// asking is a contract with one parameter in the query, q.
func asking(members string) string {
	return getting(`{"name":"q","in":"query",`+members+`}`, `{"type":"object"}`)
}

// taking is a contract that takes an object with the members, one of which may be
// required.
func taking(properties string, required ...string) string {
	needs := ""
	if len(required) > 0 {
		needs = `"required":["` + strings.Join(required, `","`) + `"],`
	}
	return posting(`"required":true,"content":{"application/json":{"schema":{"type":"object",` + needs + `"properties":{` + properties + `}}}}`)
}

// posting is a contract that takes the body.
func posting(body string) string {
	requestBody := ""
	if body != "" {
		requestBody = `"requestBody":{` + body + `},`
	}
	return document(`{"/":{"post":{` + requestBody + `"responses":{"204":{"description":"ok"}}}}}`)
}

// replying is a contract with the answers by status.
func replying(responses string) string {
	return document(`{"/":{"get":{"responses":{` + responses + `}}}}`)
}

const (
	text    = `{"type":"string"}`
	whole   = `{"type":"integer"}`
	someObj = `{"type":"object"}`
	okJSON  = `"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object"}}}}`
	optBody = `"content":{"application/json":{"schema":{"type":"object"}}}`
)

// comparisons are the rules of the package's documentation, case by case.
func comparisons() []comparison {
	return append(append(append(operations(), answers()...), requests()...), parameters()...)
}

func operations() []comparison {
	two := document(`{"/":{"get":{"responses":{"200":{"description":"ok"}}}},"/{kode}":{"get":{"parameters":[{"name":"kode","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"ok"}}}}}`)
	one := document(`{"/":{"get":{"responses":{"200":{"description":"ok"}}}}}`)
	renamed := strings.ReplaceAll(two, "kode", "id")
	return []comparison{
		{name: "an operation is removed", before: two, after: one, want: []string{"breaking removed GET /{kode}"}},
		{name: "an operation is added", before: one, after: two, want: []string{"harmless added GET /{kode}"}},
		{name: "a method is replaced", before: one, after: strings.Replace(one, `"get"`, `"put"`, 1), want: []string{"breaking removed GET /", "harmless added PUT /"}},
		{name: "a parameter of the path is renamed", before: two, after: renamed, want: []string{"breaking renamed GET /{kode} → path kode"},
			oracle: "calls are the same; grants of this hub confine rows by the parameter's name"},
		{name: "an operation is described", before: one, after: strings.Replace(one, `"get":{`, `"get":{"summary":"Semua",`, 1), want: []string{"harmless described GET /"}},
		{name: "a status is removed", before: replying(okJSON + `,"201":{"description":"ok"}`), after: replying(okJSON), want: []string{"breaking removed GET / → 201"}},
		{name: "a status is added", before: replying(okJSON), after: replying(okJSON + `,"202":{"description":"ok"}`), want: []string{"harmless added GET / → 202"}},
		{name: "a status goes into a range", before: replying(okJSON), after: replying(strings.Replace(okJSON, "200", "2XX", 1)), want: nil,
			oracle: "oasdiff does not see that 2XX holds 200"},
		{name: "a failure is removed", before: replying(okJSON + `,"404":{"description":"tidak ada"}`), after: replying(okJSON), want: nil},
		{name: "a media type of an answer is removed", before: replying(strings.Replace(okJSON, `"content":{`, `"content":{"text/csv":{},`, 1)), after: replying(okJSON), want: []string{"breaking removed GET / → 200"}},
		{name: "a media type of an answer is added", before: replying(okJSON), after: replying(strings.Replace(okJSON, `"content":{`, `"content":{"text/csv":{},`, 1)), want: []string{"harmless added GET / → 200"}},
	}
}

func answers() []comparison {
	nested := func(inner string) string {
		return answering(`{"type":"array","items":{"type":"object","properties":{` + inner + `}}}`)
	}
	status := func(more string) string { return answering(`{"type":"string",` + more + `}`) }
	return []comparison{
		{name: "a field is removed", before: answering(text), after: getting("", someObj), want: []string{"breaking removed GET / → 200 → nama"},
			oracle: "oasdiff holds that who reads an optional field can do without it for ever"},
		{name: "a promised field is removed", before: demanding(text), after: getting("", someObj), want: []string{"breaking removed GET / → 200 → nama"}},
		{name: "a field is added", before: getting("", someObj), after: answering(text), want: []string{"harmless added GET / → 200 → nama"}},
		{name: "a promised field is added", before: getting("", someObj), after: demanding(text), want: []string{"harmless added GET / → 200 → nama"}},
		{name: "of a removed object only itself is told", before: nested(`"a":{"type":"object","properties":{"b":{"type":"string"}}}`), after: nested(``), want: []string{"breaking removed GET / → 200 → nama.a"},
			oracle: "an optional field"},
		{name: "a field in an array is removed", before: nested(`"a":{"type":"string"},"b":{"type":"string"}`), after: nested(`"a":{"type":"string"}`), want: []string{"breaking removed GET / → 200 → nama.b"},
			oracle: "an optional field"},
		{name: "a type is replaced", before: answering(text), after: answering(whole), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "integers become numbers", before: answering(whole), after: answering(`{"type":"number"}`), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "numbers become integers", before: answering(`{"type":"number"}`), after: answering(whole), want: []string{"harmless retyped GET / → 200 → nama"}},
		{name: "a second type is possible", before: answering(text), after: answering(`{"type":["string","integer"]}`), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "the order of types changes", before: answering(`{"type":["string","integer"]}`), after: answering(`{"type":["integer","string"]}`), want: nil},
		{name: "one becomes many", before: answering(text), after: answering(`{"type":"array","items":{"type":"string"}}`), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "the answer becomes an array", before: getting("", `{"type":"object","properties":{"a":{"type":"string"}}}`), after: getting("", `{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}}`), want: []string{"breaking retyped GET / → 200"}},
		{name: "a type is documented", before: answering(`{}`), after: answering(text), want: []string{"harmless retyped GET / → 200 → nama"}},
		{name: "a type is no longer told", before: answering(text), after: answering(`{}`), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "a format is replaced", before: status(`"format":"date"`), after: status(`"format":"date-time"`), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "a format is promised", before: answering(text), after: status(`"format":"date"`), want: []string{"harmless retyped GET / → 200 → nama"}},
		{name: "a format is dropped", before: status(`"format":"date"`), after: answering(text), want: []string{"breaking retyped GET / → 200 → nama"}},
		{name: "a field becomes optional", before: demanding(text), after: answering(text), want: []string{"breaking optional GET / → 200 → nama"}},
		{name: "a field becomes certain", before: answering(text), after: demanding(text), want: []string{"harmless required GET / → 200 → nama"}},
		{name: "a field becomes nullable", before: answering(text), after: answering(`{"type":["string","null"]}`), want: []string{"breaking nullable GET / → 200 → nama"}},
		{name: "a field becomes nullable as one of two", before: answering(text), after: answering(`{"oneOf":[{"type":"string"},{"type":"null"}]}`), want: []string{"breaking nullable GET / → 200 → nama"}},
		{name: "a field is no longer nullable", before: answering(`{"type":["string","null"]}`), after: answering(text), want: []string{"harmless not-null GET / → 200 → nama"}},
		{name: "elements become nullable", before: answering(`{"type":"array","items":{"type":"string"}}`), after: answering(`{"type":"array","items":{"type":["string","null"]}}`), want: []string{"breaking nullable GET / → 200 → nama"}},
		{name: "a list of values grows", before: status(`"enum":["a","b"]`), after: status(`"enum":["b","c","a"]`), want: []string{"warning values GET / → 200 → nama"},
			oracle: "oasdiff takes every list of values for closed; codes of this country grow by law"},
		{name: "a closed list of values grows", before: status(`"enum":["a"],"x-closed-enum":true`), after: status(`"enum":["a","b"],"x-closed-enum":true`), want: []string{"breaking values GET / → 200 → nama"}},
		{name: "a constant is another", before: status(`"const":"a"`), after: status(`"const":"b"`), want: []string{"breaking values GET / → 200 → nama", "harmless values GET / → 200 → nama"}},
		{name: "a list of values shrinks", before: status(`"enum":["a","b"]`), after: status(`"enum":["a"]`), want: []string{"harmless values GET / → 200 → nama"}},
		{name: "the order of values changes", before: status(`"enum":["a","b"]`), after: status(`"enum":["b","a"]`), want: nil},
		{name: "any value is possible", before: status(`"enum":["a","b"]`), after: answering(text), want: []string{"warning values GET / → 200 → nama"},
			oracle: "oasdiff takes every list of values for closed"},
		{name: "an answer may be longer", before: status(`"maxLength":10`), after: status(`"maxLength":20`), want: []string{"warning limited GET / → 200 → nama"},
			oracle: "oasdiff counts it as breaking; a limit of an answer is seldom read"},
		{name: "an answer is shorter", before: status(`"maxLength":20`), after: status(`"maxLength":10`), want: []string{"harmless limited GET / → 200 → nama"}},
		{name: "a field is described", before: answering(text), after: status(`"description":"Nama resmi"`), want: []string{"harmless described GET / → 200 → nama"}},
	}
}

func requests() []comparison {
	status := func(more string) string { return taking(`"status":{"type":"string",` + more + `}`) }
	plain := taking(`"status":{"type":"string"}`)
	return []comparison{
		{name: "a member is added", before: taking(``), after: plain, want: []string{"harmless added POST / → body → status"}},
		{name: "a required member is added", before: taking(``), after: taking(`"status":{"type":"string"}`, "status"), want: []string{"breaking added POST / → body → status"}},
		{name: "what a new optional member requires", before: taking(``), after: taking(`"a":{"type":"object","required":["b"],"properties":{"b":{"type":"string"}}}`), want: []string{"harmless added POST / → body → a"}},
		{name: "a member is removed", before: plain, after: taking(``), want: []string{"breaking removed POST / → body → status"},
			oracle: "oasdiff warns only; nobody promises to ignore what is sent"},
		{name: "a member becomes required", before: plain, after: taking(`"status":{"type":"string"}`, "status"), want: []string{"breaking required POST / → body → status"}},
		{name: "a member becomes optional", before: taking(`"status":{"type":"string"}`, "status"), after: plain, want: []string{"harmless optional POST / → body → status"}},
		{name: "a member is of another type", before: plain, after: taking(`"status":{"type":"integer"}`), want: []string{"breaking retyped POST / → body → status"}},
		{name: "a member takes numbers now", before: taking(`"status":{"type":"integer"}`), after: taking(`"status":{"type":"number"}`), want: []string{"harmless retyped POST / → body → status"}},
		{name: "a member needs a format", before: plain, after: status(`"format":"date"`), want: []string{"breaking retyped POST / → body → status"}},
		{name: "a member needs no format", before: status(`"format":"date"`), after: plain, want: []string{"harmless retyped POST / → body → status"}},
		{name: "null is no longer taken", before: taking(`"status":{"type":["string","null"]}`), after: plain, want: []string{"breaking not-null POST / → body → status"}},
		{name: "null is taken", before: plain, after: taking(`"status":{"type":["string","null"]}`), want: []string{"harmless nullable POST / → body → status"}},
		{name: "values are taken away", before: status(`"enum":["a","b"]`), after: status(`"enum":["a"]`), want: []string{"breaking values POST / → body → status"}},
		{name: "values are added", before: status(`"enum":["a"]`), after: status(`"enum":["a","b"]`), want: []string{"harmless values POST / → body → status"}},
		{name: "a list of values appears", before: plain, after: status(`"enum":["a"]`), want: []string{"breaking values POST / → body → status"}},
		{name: "a length shrinks", before: status(`"maxLength":20`), after: status(`"maxLength":10`), want: []string{"breaking limited POST / → body → status"}},
		{name: "a length appears", before: plain, after: status(`"maxLength":10`), want: []string{"breaking limited POST / → body → status"}},
		{name: "a length grows", before: status(`"maxLength":10`), after: status(`"maxLength":20`), want: []string{"harmless limited POST / → body → status"}},
		{name: "no length is a length of nothing", before: plain, after: status(`"minLength":0`), want: nil},
		{name: "a pattern appears", before: plain, after: status(`"pattern":"^a"`), want: []string{"breaking limited POST / → body → status"}},
		{name: "a pattern is dropped", before: status(`"pattern":"^a"`), after: plain, want: []string{"harmless limited POST / → body → status"}},
		{name: "further members are refused", before: plain, after: strings.Replace(plain, `{"type":"object",`, `{"type":"object","additionalProperties":false,`, 1), want: []string{"breaking limited POST / → body"},
			oracle: "oasdiff does not look at additionalProperties of requests"},
		{name: "a body is needed", before: posting(``), after: posting(`"required":true,` + optBody), want: []string{"breaking added POST / → body"}},
		{name: "a body may be sent", before: posting(``), after: posting(optBody), want: []string{"harmless added POST / → body"}},
		{name: "a body is no longer taken", before: posting(optBody), after: posting(``), want: []string{"breaking removed POST / → body"}},
		{name: "a body becomes required", before: posting(optBody), after: posting(`"required":true,` + optBody), want: []string{"breaking required POST / → body"}},
		{name: "a media type is no longer taken", before: posting(`"content":{"application/json":{},"text/csv":{}}`), after: posting(`"content":{"application/json":{}}`), want: []string{"breaking removed POST / → body"}},
		{name: "a range takes in a media type", before: posting(`"content":{"text/csv":{}}`), after: posting(`"content":{"text/*":{}}`), want: []string{"harmless added POST / → body"},
			oracle: "oasdiff does not see that text/* holds text/csv"},
	}
}

func parameters() []comparison {
	plain := asking(`"schema":{"type":"string"}`)
	none := getting("", someObj)
	return []comparison{
		{name: "a parameter is removed", before: plain, after: none, want: []string{"breaking removed GET / → query q"},
			oracle: "oasdiff warns only; nobody promises to ignore what is sent"},
		{name: "a parameter is added", before: none, after: plain, want: []string{"harmless added GET / → query q"}},
		{name: "a required parameter is added", before: none, after: asking(`"required":true,"schema":{"type":"string"}`), want: []string{"breaking added GET / → query q"}},
		{name: "a parameter becomes required", before: plain, after: asking(`"required":true,"schema":{"type":"string"}`), want: []string{"breaking required GET / → query q"}},
		{name: "a parameter becomes optional", before: asking(`"required":true,"schema":{"type":"string"}`), after: plain, want: []string{"harmless optional GET / → query q"}},
		{name: "a parameter is a number now", before: plain, after: asking(`"schema":{"type":"integer"}`), want: []string{"breaking retyped GET / → query q"}},
		{name: "a parameter is any text now", before: asking(`"schema":{"type":"integer"}`), after: plain, want: []string{"harmless retyped GET / → query q"}},
		{name: "values of a parameter are taken away", before: asking(`"schema":{"type":"string","enum":["a","b"]}`), after: asking(`"schema":{"type":"string","enum":["b"]}`), want: []string{"breaking values GET / → query q"}},
		{name: "a parameter has a smaller maximum", before: asking(`"schema":{"type":"integer","maximum":100}`), after: asking(`"schema":{"type":"integer","maximum":50}`), want: []string{"breaking limited GET / → query q"}},
		{name: "a parameter has a greater maximum", before: asking(`"schema":{"type":"integer","maximum":50}`), after: asking(`"schema":{"type":"integer","maximum":1e2}`), want: []string{"harmless limited GET / → query q"}},
		{name: "the same maximum is written otherwise", before: asking(`"schema":{"type":"integer","maximum":100}`), after: asking(`"schema":{"type":"integer","maximum":1e2}`), want: nil},
		{name: "a parameter moves", before: plain, after: strings.Replace(plain, `"in":"query"`, `"in":"header"`, 1), want: []string{"breaking removed GET / → query q", "harmless added GET / → header q"},
			oracle: "oasdiff warns only of the parameter that is gone"},
		{name: "a header is written in other letters", before: getting(`{"name":"X-Unit","in":"header","schema":{"type":"string"}}`, someObj), after: getting(`{"name":"x-unit","in":"header","schema":{"type":"string"}}`, someObj), want: nil},
		{name: "a header that is no parameter", before: none, after: getting(`{"name":"Authorization","in":"header","required":true,"schema":{"type":"string"}}`, someObj), want: nil,
			oracle: "oasdiff does not ignore what OpenAPI says shall be ignored"},
	}
}
