"""A name for each source that people can say: two words that follow from its id, and no count.

None of them is in the list that the twelve words come from, so nobody takes an alias for a part of
those. Two sources may share one by chance; beside the alias stands the beginning of the id.
Spec §14.7, §14.22.
"""

from typing import Final

from silent_courier.protocol.primitives import sha256

_LABEL: Final = b"courier/desk/alias"
_FIRST_WORDS: Final = """
amber ample apricot ashen azure balmy beaded beige birch bluish boreal braided brassy breezy
brindled burnished candid carved cedar chalky chestnut cinder citrus clement cloudy coastal cobalt
cosy creamy crimson dappled dawning deep dewy distant dotted downy drifting dusky earthen eastern
ebony emerald even evening feathered fern fleecy floral folded foggy frosted gilded glassy glazed
golden grassy greenish grey hazel hazy heather highland honeyed icy indigo inland jade jasper
juniper knitted lacquered lakeside laurel lavender leafy lilac linen lofty lowland lucid mahogany
mellow milky mild minted misty mossy mulled muslin muted nimble northern oaken oaten ochre onyx
opal painted pale papery pearly pebbled peppery pine plain planted plum polished poplar porcelain
prairie quartz quiet quilted rainy reedy ribbed ripe riverside rosy rounded russet rustic saffron
sandy sapphire satin scarlet seaside sheltered shining silken sleepy smoky snowy southern speckled
spiced spruce stately steady stony striped sturdy sunlit supple tawny teal tender thistle tidal
tranquil twilight umber upland varnished verdant vernal vine violet waxen weathered western
wheaten whistling willow windy woodland woollen woven
"""
_SECOND_WORDS: Final = """
acorn alder almond antler arbour aspen badger bakery ballad barge barley barn basin bay beacon
beaver beech beehive bell berry bison bobbin bonnet bookshelf bough boulder bow bowl bramble
branch brook bucket buckle button candle carafe caravan cello chapel clover coat comet compass
cork cottage cove crocus curlew cypress daisy easel egret elm ember falcon feather fennel ferry
fiddle finch fjord flagon flax fleece flute fountain furrow gable garland glade gorge grove gull
hamlet hammock hare harbour harp hatch hayloft hearth hedge heron hinge hive holly horizon inkwell
inlet iris ivy jug kayak kernel kestrel kettle lagoon lantern lark lattice ledge lily loaf locket
loom lute lynx magpie mallow mantle marsh martin mast melon mill mitten moor moth mug nettle nook
oar oasis oat orchid oriole osprey otter owl parcel pasture pebble petal pier pillow plover poppy
porch quail quarry quill raft reed reef robin rook rowan rudder scarf seal shore shutter slate
sparrow spindle starling stork stream swan tapestry teapot terrace thicket thimble thrush trellis
tulip turnip vale vase veranda vineyard warbler weir wharf willet wren yarrow
"""
FIRST: Final = tuple(_FIRST_WORDS.split())
SECOND: Final = tuple(_SECOND_WORDS.split())


def is_alias(words: str) -> bool:
    """Whether these could be the two words of a source."""
    first, _, second = words.partition(" ")
    return first in FIRST and second in SECOND


def alias_of(org_id: bytes, source: bytes) -> str:
    """The two words of this source at this organisation."""
    digest = sha256(_LABEL + org_id + source)
    first = int.from_bytes(digest[:8], "big") % len(FIRST)
    second = int.from_bytes(digest[8:16], "big") % len(SECOND)
    return f"{FIRST[first]} {SECOND[second]}"
