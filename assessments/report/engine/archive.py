"""A file for an archive says that it is accessible, too: PDF/A-3a and PDF/UA-1 in one, as both standards allow.

PDF/A wants every name of the metadata that it does not know described in the file (ISO 19005-3, 6.6.2.3): the description of
PDF/UA's one name stands beside its value.
"""

from __future__ import annotations

import pydyf

_END = b"</rdf:RDF>"
_ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def declare_accessible(pdf: pydyf.PDF) -> None:
    """Add PDF/UA-1 to the metadata of a drawn document, before it is written."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])].stream
    before, after = stream[0].rsplit(_END, 1)
    stream[0] = before + _ACCESSIBLE + _END + after
