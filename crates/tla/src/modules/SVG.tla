--------------------------------- MODULE SVG --------------------------------
\* Pictures as records. Text of them and files are errors when they are
\* evaluated.
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE Integers
LOCAL INSTANCE TLC
LOCAL INSTANCE FiniteSets

SVGElem(_name, _attrs, _children, _innerText) ==
  [name |-> _name, attrs |-> _attrs, children |-> _children, innerText |-> _innerText]

LOCAL Leaf(name, own, attrs, text) == SVGElem(name, own @@ attrs, <<>>, text)

Line(x1, y1, x2, y2, attrs) ==
  LET own == [x1 |-> ToString(x1), y1 |-> ToString(y1),
              x2 |-> ToString(x2), y2 |-> ToString(y2)]
  IN  Leaf("line", own, attrs, "")
Circle(cx, cy, r, attrs) ==
  LET own == [cx |-> ToString(cx), cy |-> ToString(cy), r |-> ToString(r)]
  IN  Leaf("circle", own, attrs, "")
Rect(x, y, w, h, attrs) ==
  LET own == [x |-> ToString(x), y |-> ToString(y),
              width |-> ToString(w), height |-> ToString(h)]
  IN  Leaf("rect", own, attrs, "")
Text(x, y, text, attrs) ==
  Leaf("text", [x |-> ToString(x), y |-> ToString(y)], attrs, text)
Image(x, y, width, height, href, attrs) ==
  LET own == [x |-> ToString(x), y |-> ToString(y),
              width |-> ToString(width), height |-> ToString(height)]
  IN  Leaf("image", ("xlink:href" :> href) @@ own, attrs, "")
Group(children, attrs) == SVGElem("g", attrs, children, "")
Svg(children, attrs) == SVGElem("svg", attrs, children, "")
SVGDoc(children, vbX, vbY, vbW, vbH, attrs) ==
  LET box == ToString(vbX) \o " " \o ToString(vbY) \o " "
             \o ToString(vbW) \o " " \o ToString(vbH)
      own == [viewBox |-> box, xmlns |-> "http://www.w3.org/2000/svg"]
      link == "xmlns:xlink" :> "http://www.w3.org/1999/xlink"
  IN  Svg(<<children>>, link @@ own @@ attrs)
SVGElemToString(elem) == TRUE

NodeOfRingNetwork(cx, cy, r, n, m) == [x |-> 0, y |-> 0]
NodesOfDirectedMultiGraph(nodes, edges, options) ==
  CHOOSE places \in [nodes -> [x : Int, y : Int]] : TRUE
PointOnLine(from, to, segment) ==
  LET part(a, b) == a + ((b - a) \div segment)
  IN  [x |-> part(from.x, to.x), y |-> part(from.y, to.y)]

SVGSerialize(svg, frameNamePrefix, frameNumber) ==
  LET IO == INSTANCE IOUtils
      name == frameNamePrefix \o IO!zeroPadN(frameNumber, 3) \o ".svg"
      options == [format |-> "TXT", charset |-> "UTF-8",
                  openOptions |-> <<"WRITE", "CREATE", "TRUNCATE_EXISTING">>]
  IN  IO!Serialize(SVGElemToString(svg), name, options)
=============================================================================
