package dcat

import (
	"encoding/json"
	"io"
	"slices"
	"time"
)

// MediaType is the media type of a written catalogue.
const MediaType = "application/ld+json"

// Write writes a page of a catalogue. The same catalogue gives the same bytes.
func Write(w io.Writer, c Catalogue) error {
	g := &graph{seen: map[string]bool{}}
	g.catalogue(c)
	for _, s := range c.Services {
		g.service(s)
	}
	return g.write(w)
}

// WriteService writes one entry by itself.
func WriteService(w io.Writer, s Service) error {
	g := &graph{seen: map[string]bool{}}
	g.service(s)
	return g.write(w)
}

// graph gathers nodes; what several entries refer to stands in it once.
type graph struct {
	nodes []object
	seen  map[string]bool
}

func (g *graph) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(object{"@context": context(), "@graph": g.nodes})
}

// add adds a node under its address, once, and returns the address.
func (g *graph) add(uri string, node object) string {
	if uri != "" && !g.seen[uri] {
		g.seen[uri] = true
		node["@id"] = uri
		g.nodes = append(g.nodes, node)
	}
	return uri
}

const (
	themeScheme  = "http://publications.europa.eu/resource/authority/data-theme"
	indonesian   = "http://publications.europa.eu/resource/authority/language/IND"
	jsonFormat   = "http://publications.europa.eu/resource/authority/file-type/JSON"
	jsonMedia    = "http://www.iana.org/assignments/media-types/application/json"
	statusScheme = "http://publications.europa.eu/resource/authority/distribution-status"
	deprecated   = statusScheme + "/DEPRECATED"
	openAPI      = "https://spec.openapis.org/oas/latest.html"
	openAPILabel = "OpenAPI Specification"
)

func (g *graph) catalogue(c Catalogue) {
	node := object{
		"@type": "dcat:Catalog", "dct:title": c.Title, "dct:description": c.Description, "dct:publisher": g.agent(c.Publisher),
		"foaf:homepage": g.add(c.Homepage, object{"@type": "foaf:Document"}), "dct:language": g.add(indonesian, object{"@type": "dct:LinguisticSystem"}),
		"dcat:themeTaxonomy": g.add(themeScheme, object{"@type": "skos:ConceptScheme", "dct:title": "Tema data Uni Eropa"}),
		"hydra:view":         g.view(c.View), "hydra:totalItems": c.View.Total,
	}
	put(node, "dct:modified", moment(c.Modified))
	var services, datasets []string
	for _, s := range c.Services {
		if services = append(services, s.URI); s.Dataset {
			datasets = append(datasets, s.DatasetURI)
		}
	}
	putAll(node, "dcat:service", services)
	putAll(node, "dcat:dataset", datasets)
	g.add(c.URI, node)
}

func (g *graph) view(v View) string {
	node := object{"@type": "hydra:PartialCollectionView"}
	for name, uri := range map[string]string{"hydra:first": v.First, "hydra:previous": v.Previous, "hydra:next": v.Next, "hydra:last": v.Last} {
		put(node, name, uri)
	}
	return g.add(v.URI, node)
}

func (g *graph) agent(a Agent) string {
	return g.add(a.URI, object{"@type": "foaf:Agent", "foaf:name": a.Name})
}

func (g *graph) service(s Service) {
	node := g.entry(s)
	node["@type"], node["dcat:endpointURL"], node["dcat:endpointDescription"] = "dcat:DataService", s.Endpoint, s.EndpointDescription
	node["dct:conformsTo"] = append([]any{g.add(openAPI, object{"@type": "dct:Standard", "dct:title": openAPILabel})}, g.standards(s)...)
	put(node, "dct:license", g.licence(s))
	put(node, "dct:isReplacedBy", s.ReplacedBy)
	put(node, "adms:status", g.status(s))
	if s.Dataset {
		node["dcat:servesDataset"] = s.DatasetURI
	}
	g.add(s.URI, node)
	if s.Dataset {
		g.dataset(s)
	}
}

// entry is what a service and its dataset say alike.
func (g *graph) entry(s Service) object {
	node := object{
		"dct:title": s.Title, "dct:description": described(s), "dct:identifier": s.Identifier, "dct:publisher": g.agent(s.Publisher),
		"dct:accessRights": g.add(accessURI+string(s.Access), object{"@type": "dct:RightsStatement"}),
		"dcat:landingPage": g.add(s.Page, object{"@type": "foaf:Document"}),
	}
	put(node, "dct:issued", moment(s.Issued))
	put(node, "dct:modified", moment(s.Modified))
	put(node, "dcat:version", s.Version)
	putAll(node, "dcat:keyword", slices.Compact(slices.Sorted(slices.Values(s.Keywords))))
	var themes, contacts, rights []any
	for _, t := range s.Themes {
		themes = append(themes, g.add(t.URI, object{"@type": "skos:Concept", "skos:prefLabel": t.Label, "skos:inScheme": themeScheme}))
	}
	for _, c := range s.Contacts {
		contacts = append(contacts, contact(c))
	}
	for _, text := range s.Rights {
		rights = append(rights, object{"@type": "dct:RightsStatement", "rdfs:label": text})
	}
	putAll(node, "dcat:theme", themes)
	putAll(node, "dcat:contactPoint", contacts)
	putAll(node, "dct:rights", rights)
	return node
}

// described is the description, which the profile demands; the title stands in
// for one that nobody has written.
func described(s Service) string {
	if s.Description == "" {
		return s.Title
	}
	return s.Description
}

func contact(c Contact) object {
	node := object{"@type": "vcard:Organization", "vcard:fn": c.Name}
	if c.Email != "" {
		node["vcard:hasEmail"] = "mailto:" + c.Email
	}
	return node
}

func (g *graph) licence(s Service) string {
	return g.add(s.Licence.URI, object{"@type": "dct:LicenseDocument", "dct:title": s.Licence.Label})
}

// status is that of a distribution in the EU's list, which DCAT 3 admits for a
// service too; only one that will end has it.
func (g *graph) status(s Service) string {
	if !s.Deprecated {
		return ""
	}
	return g.add(deprecated, object{"@type": "skos:Concept", "skos:prefLabel": "Akan berakhir", "skos:inScheme": statusScheme})
}

func (g *graph) standards(s Service) (all []any) {
	for _, standard := range s.Standards {
		node := object{"@type": "dct:Standard", "dct:title": standard.Label}
		if standard.URI == "" {
			all = append(all, node)
			continue
		}
		all = append(all, g.add(standard.URI, node))
	}
	return all
}

func (g *graph) dataset(s Service) {
	node := g.entry(s)
	node["@type"] = "dcat:Dataset"
	putAll(node, "dct:conformsTo", g.standards(s))
	put(node, "dct:accrualPeriodicity", g.add(s.Frequency.URI, object{"@type": "dct:Frequency"}))
	var regions []any
	for _, r := range s.Regions {
		regions = append(regions, object{"@type": "dct:Location", "dct:identifier": r.Code, "skos:prefLabel": r.Name})
	}
	putAll(node, "dct:spatial", regions)
	if s.From != "" || s.Until != "" {
		period := object{"@type": "dct:PeriodOfTime"}
		put(period, "dcat:startDate", s.From)
		put(period, "dcat:endDate", s.Until)
		node["dct:temporal"] = period
	}
	distribution := object{
		"@type": "dcat:Distribution", "dct:title": s.Title, "dcat:accessURL": s.Endpoint, "dcat:accessService": s.URI,
		"dct:format":     g.add(jsonFormat, object{"@type": "dct:MediaTypeOrExtent"}),
		"dcat:mediaType": g.add(jsonMedia, object{"@type": "dct:MediaType"}),
	}
	put(distribution, "dct:license", g.licence(s))
	put(distribution, "adms:status", g.status(s))
	node["dcat:distribution"] = distribution
	g.add(s.DatasetURI, node)
}

func put(node object, name, value string) {
	if value != "" {
		node[name] = value
	}
}

func putAll[T any](node object, name string, values []T) {
	if len(values) > 0 {
		node[name] = values
	}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
