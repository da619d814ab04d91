-- SAY refused BECAUSE unsafe
namespace Proj
unsafe def main : 1 = 2 := lcProof
end Proj
