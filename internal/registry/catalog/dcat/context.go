package dcat

// prefixes are the vocabularies of DCAT-AP 3.
func prefixes() map[string]string {
	return map[string]string{
		"dcat":   "http://www.w3.org/ns/dcat#",
		"dct":    "http://purl.org/dc/terms/",
		"foaf":   "http://xmlns.com/foaf/0.1/",
		"vcard":  "http://www.w3.org/2006/vcard/ns#",
		"skos":   "http://www.w3.org/2004/02/skos/core#",
		"rdfs":   "http://www.w3.org/2000/01/rdf-schema#",
		"rdf":    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
		"xsd":    "http://www.w3.org/2001/XMLSchema#",
		"hydra":  "http://www.w3.org/ns/hydra/core#",
		"adms":   "http://www.w3.org/ns/adms#",
		"dcatap": "http://data.europa.eu/r5r/",
		"eli":    "http://data.europa.eu/eli/ontology#",
		"locn":   "http://www.w3.org/ns/locn#",
		"owl":    "http://www.w3.org/2002/07/owl#",
		"prov":   "http://www.w3.org/ns/prov#",
		"schema": "http://schema.org/",
		"spdx":   "http://spdx.org/rdf/terms#",
		"time":   "http://www.w3.org/2006/time#",
		"odrl":   "http://www.w3.org/ns/odrl/2/",
		"dqv":    "http://www.w3.org/ns/dqv#",
		"geo":    "http://www.opengis.net/ont/geosparql#",
		"gsp":    "http://www.opengis.net/ont/geosparql#",
	}
}

// language is the language of what agencies write.
const language = "id"

type object = map[string]any

// context declares what a written document uses. Texts are Indonesian; dates,
// addresses and identifiers have their types.
func context() object {
	c := object{}
	for _, name := range []string{"dcat", "dct", "foaf", "vcard", "skos", "rdfs", "xsd", "hydra", "owl", "adms"} {
		c[name] = prefixes()[name]
	}
	for _, text := range []string{"dct:title", "dct:description", "dcat:keyword", "foaf:name", "vcard:fn", "skos:prefLabel", "rdfs:label"} {
		c[text] = object{"@id": text, "@language": language}
	}
	for _, link := range []string{
		"dct:publisher", "dct:license", "dct:accessRights", "dct:accrualPeriodicity", "dct:conformsTo", "dct:format", "dct:language", "foaf:homepage",
		"dcat:theme", "dcat:themeTaxonomy", "dcat:service", "dcat:dataset", "dcat:servesDataset", "dcat:accessService", "dcat:accessURL", "dcat:endpointURL", "dcat:endpointDescription",
		"dcat:landingPage", "dcat:distribution", "dcat:mediaType", "vcard:hasEmail", "skos:inScheme", "adms:status", "dct:isReplacedBy", "hydra:view", "hydra:first", "hydra:previous", "hydra:next", "hydra:last",
	} {
		c[link] = object{"@id": link, "@type": "@id"}
	}
	for _, moment := range []string{"dct:issued", "dct:modified"} {
		c[moment] = object{"@id": moment, "@type": "xsd:dateTime"}
	}
	for _, day := range []string{"dcat:startDate", "dcat:endDate"} {
		c[day] = object{"@id": day, "@type": "xsd:date"}
	}
	return c
}
